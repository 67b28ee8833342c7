//! Laws that hold whatever happens: two endpoints that follow the RFC never accuse each other and come to agree; an endpoint
//! stands any octets.

mod common;

use common::*;
use pptp_proto::{
    CallRef, Command, Config, DialOutcome, Endpoint, Input, Output, PROFILES, Role,
    SecondConnection, Telephone, WanErrors,
};
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{ControlMessageType, Header, MAXIMUM_LENGTH, Raw, StopReason};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Act {
    Run(u64),
    Open(usize),
    Close(usize),
    Place,
    Ring,
    Clear(usize),
    Disconnect(usize),
    LoseCarrier(usize),
    LinkInfo(usize),
    WanErrors(usize),
    Data(usize, usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0u64..200).prop_map(Act::Run),
        1 => (0u64..130_000).prop_map(Act::Run),
        1 => (0usize..2).prop_map(Act::Open),
        1 => (0usize..2).prop_map(Act::Close),
        4 => Just(Act::Place),
        4 => Just(Act::Ring),
        3 => (0usize..8).prop_map(Act::Clear),
        2 => (0usize..8).prop_map(Act::Disconnect),
        1 => (0usize..8).prop_map(Act::LoseCarrier),
        1 => (0usize..8).prop_map(Act::LinkInfo),
        1 => (0usize..8).prop_map(Act::WanErrors),
        2 => (0usize..2, 0usize..8).prop_map(|(side, call)| Act::Data(side, call)),
    ]
}

fn nth_call(net: &Net, side: usize, nth: usize) -> Option<CallRef> {
    let calls: Vec<CallRef> = net.end(side).calls().map(|call| call.call).collect();
    calls.get(nth % calls.len().max(1)).copied()
}

/// Performs one act; what the state forbids is refused and changes nothing.
fn perform(net: &mut Net, act: &Act) {
    let counters = WanErrors {
        crc_errors: 1,
        ..WanErrors::default()
    };
    let on_call = |net: &Net, side, nth, command: fn(CallRef) -> Command| {
        nth_call(net, side, nth).map(command)
    };
    let (side, command) = match *act {
        Act::Run(span) => return net.run(milliseconds(span)),
        Act::Open(side) => {
            let to = if side == PNS {
                PAC_ADDRESS
            } else {
                PNS_ADDRESS
            };
            (side, Some(Command::OpenControl { to }))
        }
        Act::Close(side) => (
            side,
            Some(Command::CloseControl {
                connection: None,
                reason: StopReason::STOP_LOCAL_SHUTDOWN,
            }),
        ),
        Act::Place => (
            PNS,
            Some(Command::PlaceCall {
                connection: None,
                options: Default::default(),
            }),
        ),
        Act::Ring => (
            PAC,
            Some(Command::Ring {
                connection: None,
                options: Default::default(),
            }),
        ),
        Act::Clear(nth) => (
            PNS,
            on_call(net, PNS, nth, |call| Command::ClearCall { call }),
        ),
        Act::Disconnect(nth) => (
            PAC,
            on_call(net, PAC, nth, |call| Command::DisconnectCall { call }),
        ),
        Act::LoseCarrier(nth) => (
            PAC,
            on_call(net, PAC, nth, |call| Command::LoseCarrier { call }),
        ),
        Act::LinkInfo(nth) => (
            PNS,
            on_call(net, PNS, nth, |call| Command::SetLinkInfo {
                call,
                send_accm: 0,
                receive_accm: 0,
            }),
        ),
        Act::WanErrors(nth) => (
            PAC,
            nth_call(net, PAC, nth).map(|call| Command::CountWanErrors { call, counters }),
        ),
        Act::Data(side, nth) => {
            if let Some(call) = nth_call(net, side, nth) {
                let _ = net.send_data(side, call, &[0xFF, 0x03, 0x00, 0x21, 1, 2, 3]);
            }
            return;
        }
    };
    if let Some(command) = command {
        let _ = net.try_command(side, &command);
    }
}

/// The calls of a side as pairs of PNS's and PAC's Call ID, with their state.
fn agreed(net: &Net, side: usize) -> Vec<(u16, u16, &'static str)> {
    let mut calls: Vec<(u16, u16, &'static str)> = net
        .end(side)
        .calls()
        .map(|view| {
            let peer = view.peer_call_id.map_or(0, |id| id.0);
            let own = view.call.call_id.0;
            if side == PNS {
                (own, peer, view.state)
            } else {
                (peer, own, view.state)
            }
        })
        .collect();
    calls.sort_unstable();
    calls
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is asked of them and whenever, correct ends never break the protocol, and once nothing is under way any more
    /// they agree on connections and calls.
    #[test]
    fn correct_ends_never_accuse_each_other_and_agree_in_the_end(
        acts in prop::collection::vec(act(), 1..60),
        answers_after in 0u64..400,
        delay in 1u64..100,
        outcome in 0usize..8,
        hangs_up_after in prop::option::of(0u64..2000),
        twin_opens in any::<bool>(),
    ) {
        let mut config = pac();
        let outcomes = [DialOutcome::Busy, DialOutcome::NoCarrier, DialOutcome::NoDialTone];
        config.telephone = Telephone {
            answers_after: milliseconds(answers_after),
            outcome: outcomes.get(outcome).copied().unwrap_or(DialOutcome::Answer),
            hangs_up_after: hangs_up_after.map(milliseconds),
        };
        let mut net = Net::pair(pns(), config);
        net.delay = milliseconds(delay);
        perform(&mut net, &Act::Open(PNS));
        if twin_opens {
            perform(&mut net, &Act::Open(PAC));
        }
        net.run(milliseconds(500));
        for act in &acts {
            perform(&mut net, act);
        }
        net.run(seconds(3));
        prop_assert_eq!(&net.violations, &vec![]);
        prop_assert_eq!(agreed(&net, PNS), agreed(&net, PAC));
        prop_assert!(agreed(&net, PNS).iter().all(|call| call.2 == "established"));
        prop_assert_eq!(net.end(PNS).connections().count(), net.end(PAC).connections().count());
        for side in [PNS, PAC] {
            prop_assert!(net.end(side).connections().count() <= 1);
            prop_assert!(net.end(side).connections().all(|found| found.state == "established"));
        }
    }
}

#[derive(Clone, Debug)]
enum Noise {
    /// A message of this type with some fields overwritten.
    Message(u16, Vec<(usize, u8)>),
    Octets(Vec<u8>),
    Datagram(bool, Vec<u8>),
    Opened(u32),
    Closed(u32),
    Reset(u32),
    Wait(u64),
    Place,
    Clear,
    Disconnect,
    CloseControl,
}

fn noise() -> impl Strategy<Value = Noise> {
    let patches = prop::collection::vec((8usize..MAXIMUM_LENGTH, any::<u8>()), 0..4);
    prop_oneof![
        12 => (1u16..=15, patches).prop_map(|(kind, patches)| Noise::Message(kind, patches)),
        1 => prop::collection::vec(any::<u8>(), 0..300).prop_map(Noise::Octets),
        3 => (any::<bool>(), prop::collection::vec(any::<u8>(), 0..60)).prop_map(|(own, octets)| Noise::Datagram(own, octets)),
        2 => (1u32..6).prop_map(Noise::Opened),
        1 => (1u32..6).prop_map(Noise::Closed),
        1 => (1u32..6).prop_map(Noise::Reset),
        4 => (0u64..70_000).prop_map(Noise::Wait),
        2 => Just(Noise::Place),
        1 => Just(Noise::Clear),
        1 => Just(Noise::Disconnect),
        1 => Just(Noise::CloseControl),
    ]
}

/// An endpoint under noise; answers how many outputs it made.
fn suffer(config: Config, noises: &[Noise]) -> u64 {
    let role = config.role;
    let mut end = Endpoint::new(config);
    let mut now = Instant::START;
    let mut outputs = 0;
    let mut call = None;
    let _ = end.command(now, &Command::OpenControl { to: PAC_ADDRESS });
    for noise in noises {
        match noise {
            Noise::Message(kind, patches) => {
                let kind = ControlMessageType(*kind);
                let mut octets = vec![0; usize::from(kind.length().expect("defined"))];
                Header::for_type(kind).encode(octets.first_chunk_mut().expect("a header"));
                for &(at, value) in patches {
                    if let Some(octet) = octets.get_mut(at) {
                        *octet = value;
                    }
                }
                for connection in end
                    .connections()
                    .map(|found| found.connection)
                    .collect::<Vec<_>>()
                {
                    end.handle(
                        now,
                        Input::Octets {
                            connection,
                            octets: &octets,
                        },
                    );
                }
            }
            Noise::Octets(octets) => {
                for connection in end
                    .connections()
                    .map(|found| found.connection)
                    .collect::<Vec<_>>()
                {
                    end.handle(now, Input::Octets { connection, octets });
                }
            }
            Noise::Datagram(own, octets) => {
                let mut octets = octets.clone();
                if let (true, Some(view), Some(key)) =
                    (own, end.calls().next(), octets.get_mut(..8))
                {
                    let id = view.call.call_id.0.to_be_bytes();
                    key.copy_from_slice(&[0x30, 0x81, 0x88, 0x0B, 0, 4, id[0], id[1]]);
                }
                end.handle(
                    now,
                    Input::Datagram {
                        from: PAC_ADDRESS,
                        octets: &octets,
                    },
                );
            }
            Noise::Opened(number) => {
                let connection = pptp_proto::ConnectionId(*number);
                end.handle(
                    now,
                    Input::Opened {
                        connection,
                        peer: PAC_ADDRESS,
                    },
                );
            }
            Noise::Closed(number) => {
                end.handle(
                    now,
                    Input::Closed {
                        connection: pptp_proto::ConnectionId(*number),
                    },
                );
            }
            Noise::Reset(number) => {
                end.handle(
                    now,
                    Input::Reset {
                        connection: pptp_proto::ConnectionId(*number),
                    },
                );
            }
            Noise::Wait(span) => {
                now += milliseconds(*span);
                end.handle(now, Input::Deadline);
            }
            Noise::Place => {
                let command = match role {
                    Role::Pns => Command::PlaceCall {
                        connection: None,
                        options: Default::default(),
                    },
                    Role::Pac => Command::Ring {
                        connection: None,
                        options: Default::default(),
                    },
                };
                if let Ok(pptp_proto::Outcome::Call(new)) = end.command(now, &command) {
                    call = Some(new);
                }
            }
            Noise::Clear => {
                if let Some(call) = call {
                    let _ = end.command(now, &Command::ClearCall { call });
                }
            }
            Noise::Disconnect => {
                if let Some(call) = call {
                    let _ = end.command(now, &Command::DisconnectCall { call });
                }
            }
            Noise::CloseControl => {
                let _ = end.command(
                    now,
                    &Command::CloseControl {
                        connection: None,
                        reason: StopReason::NONE,
                    },
                );
            }
        }
        // What is drained ends with a deadline, which is not in the past once it was kept.
        loop {
            match end.poll() {
                Output::Deadline(deadline) => {
                    assert!(
                        deadline
                            .is_none_or(|deadline| deadline.at + Duration::from_secs(1000) > now)
                    );
                    break;
                }
                _ => outputs += 1,
            }
        }
        let connections = end.connections().map(|found| found.calls).sum::<usize>();
        assert_eq!(connections, end.calls().count());
    }
    outputs
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// No octets, no order of events and no profile make an endpoint panic, and it answers each run alike.
    #[test]
    fn an_endpoint_stands_anything(
        noises in prop::collection::vec(noise(), 1..80),
        profile in 0usize..64,
        pac in any::<bool>(),
        second in any::<bool>(),
    ) {
        let role = if pac { Role::Pac } else { Role::Pns };
        let mut config = Config::new(role, PNS_ADDRESS);
        config.profile = PROFILES[profile % PROFILES.len()].profile().into();
        if second {
            config.profile.second_connection = SecondConnection::Allow;
        }
        prop_assert_eq!(suffer(config.clone(), &noises), suffer(config, &noises));
    }
}

#[test]
fn a_message_is_the_same_wherever_tcp_cuts_it() {
    let request = Raw::control(pptp_wire::OutgoingCallRequest::default()).into_octets();
    let after = |cut: usize| {
        let mut net = Net::scripted(pac());
        let link = net.script_opens();
        net.script_sends(link, pptp_wire::StartControlConnectionRequest::default());
        net.script_sends_octets(link, &request[..cut]);
        net.script_sends_octets(link, &request[cut..]);
        net.script_received(link)
    };
    let whole = after(0);
    assert_eq!(whole.len(), 2);
    assert!((1..request.len()).all(|cut| after(cut) == whole));
}
