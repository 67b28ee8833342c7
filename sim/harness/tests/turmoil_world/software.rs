//! Implementations on tokio: what is seen of them, and what the world does to them.

use super::common::*;
use pptp_harness::turmoil_world::{AsyncHost, HostResult, TcpListener, TcpStream, TurmoilWorld};
use pptp_wire::time::Instant;
use pptp_wire::{CallId, EchoRequest, GreHeader, MAXIMUM_LENGTH};
use pptp_world::luck::Direction;
use pptp_world::{
    Advance, CallRef, Command, CommandError, ConnectionId, ConnectionNumber, NodeMistake, Query,
    Record, RecordKind, Role, SendControl, Stage, Traffic, WorldConfig,
};
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;

const EVERYWHERE: (Ipv4Addr, u16) = (Ipv4Addr::UNSPECIFIED, 1723);
const FIRST: ConnectionNumber = ConnectionNumber(0);

/// A scripted PNS, and a PAC of this software, 20 ms away.
fn world<F>(software: impl Fn(AsyncHost) -> F + 'static) -> TurmoilWorld
where
    F: Future<Output = HostResult> + 'static,
{
    let mut world = TurmoilWorld::new(WorldConfig::default());
    world.add_node("pns", &[PNS], scripted());
    world.add_async_node("pac", &[PAC], Some(Role::Pac), software);
    world
        .add_link(PNS_NODE, PAC_NODE, &delayed([20, 20], 20))
        .expect("a link");
    world
}

fn echo() -> Vec<u8> {
    pptp_wire::ControlMessage::from(EchoRequest::default())
        .encode(&mut [0; MAXIMUM_LENGTH])
        .to_vec()
}

fn send(stage: &mut dyn Stage, octets: Vec<u8>) {
    let send = Command::SendControl {
        connection: None,
        send: SendControl {
            octets,
            ..SendControl::default()
        },
    };
    stage.command(PNS_NODE, &send).expect("octets");
}

fn open_tcp(stage: &mut dyn Stage) {
    stage
        .command(PNS_NODE, &Command::OpenTcp { to: PAC })
        .expect("a connection");
    run_to(stage, ms(100));
}

/// The story of connections, in words.
fn tell(records: &[Record]) -> Vec<String> {
    let words = |kind: &RecordKind| {
        Some(match kind {
            RecordKind::TcpOpen { from, .. } => format!("{} open", from.0),
            RecordKind::TcpOpened { node, .. } => format!("{} opened", node.0),
            RecordKind::TcpRefused { from, .. } => format!("{} refused", from.0),
            RecordKind::TcpClose { from, answer, .. } => {
                format!("{} close{}", from.0, if *answer { " answer" } else { "" })
            }
            RecordKind::TcpCloseArrived { node, .. } => format!("{} got close", node.0),
            RecordKind::TcpReset { from, .. } => format!("{} reset", from.0),
            RecordKind::TcpResetArrived { node, .. } => format!("{} got reset", node.0),
            RecordKind::ControlSent(sent) => {
                format!(
                    "{} sent {} in {}",
                    sent.from.0, sent.octets.length, sent.pieces
                )
            }
            RecordKind::ControlArrived { node, .. } => format!("{} got message", node.0),
            RecordKind::NodeMistake { node, mistake } => format!("{} {mistake:?}", node.0),
            _ => return None,
        })
    };
    let story = records
        .iter()
        .filter_map(|record| words(&record.kind).map(|words| format!("{} {words}", record.at)));
    story.collect()
}

/// Sends back what it gets, a second later.
async fn repeats(_: AsyncHost) -> HostResult {
    let listener = TcpListener::bind(EVERYWHERE).await?;
    loop {
        let (mut stream, _) = listener.accept().await?;
        let mut buffer = [0; 200];
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            sleep(Duration::from_secs(1)).await;
            stream.write_all(&buffer[..count]).await?;
        }
    }
}

#[test]
fn a_server_on_tokio_is_seen_at_the_other_end() {
    let mut world = world(repeats);
    assert_eq!(world.role(PAC_NODE), Some(Role::Pac));
    open_tcp(&mut world);
    send(&mut world, echo());
    run_to(&mut world, ms(2_000));
    let close = Command::CloseTcp { connection: None };
    world.command(PNS_NODE, &close).expect("a close");
    run_to(&mut world, ms(3_000));
    assert_eq!(
        tell(&records(&mut world)),
        [
            "0.000000 0 open",
            "0.043000 0 opened",
            "0.064000 1 opened",
            "0.100000 0 sent 16 in 1",
            "0.121000 1 got message",
            // A second, and the way back.
            "1.141000 1 sent 16 in 1",
            "1.141000 0 got message",
            "2.000000 0 close",
            "2.021000 1 got close",
            "2.041000 1 close answer",
            "2.041000 0 got close",
        ]
    );
    assert_eq!(world.failures(), [""; 0]);
    assert_eq!(world.connections(), []);
}

#[test]
fn a_client_on_tokio_is_admitted() {
    let mut world = world(|host: AsyncHost| async move {
        assert_eq!((host.name(), host.address()), ("pac", PAC));
        sleep(Duration::from_millis(100)).await;
        let mut stream = TcpStream::connect((PNS, 1723)).await?;
        let both = [echo(), echo()].concat();
        stream.write_all(&both[..20]).await?;
        stream.write_all(&both[20..]).await?;
        sleep(Duration::from_millis(500)).await;
        Ok(())
    });
    run_to(&mut world, ms(2_000));
    let told = tell(&records(&mut world));
    assert_eq!(
        told,
        [
            "0.121000 1 open",
            "0.142000 1 opened",
            "0.163000 0 opened",
            "0.163000 1 sent 16 in 1",
            "0.163000 1 sent 16 in 2",
            "0.163000 0 got message",
            "0.163000 0 got message",
            "0.641000 1 close",
            "0.641000 0 got close",
        ]
    );
    assert_eq!(world.connection_id(PNS_NODE, FIRST), Some(ConnectionId(2)));
    assert_eq!(world.connection_id(PAC_NODE, FIRST), Some(ConnectionId(1)));
}

#[test]
fn who_does_not_bind_its_port_refuses() {
    let mut world = world(|_| async {
        sleep(Duration::from_millis(300)).await;
        repeats_forever().await
    });
    open_tcp(&mut world);
    let told = tell(&records(&mut world));
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[1].ends_with("1 refused") && told[2].ends_with("0 got reset"),
        "{told:?}"
    );
    run_to(&mut world, ms(400));
    let open = Command::OpenTcp { to: PAC };
    world.command(PNS_NODE, &open).expect("a connection");
    run_to(&mut world, ms(500));
    let told = tell(&records(&mut world));
    assert!(
        told.iter().any(|line| line.ends_with("0 opened")),
        "{told:?}"
    );
}

async fn repeats_forever() -> HostResult {
    let listener = TcpListener::bind(EVERYWHERE).await?;
    let mut open = Vec::new();
    loop {
        open.push(listener.accept().await?);
    }
}

#[test]
fn datagrams_go_both_ways_with_the_link_s_delay() {
    let mut world = world(|host: AsyncHost| async move {
        let mut gre = host.gre_socket();
        loop {
            let (from, octets) = gre.recv().await;
            gre.send(from, &octets);
        }
    });
    let mut octets = [0; 16];
    let length = GreHeader::acknowledgment_only(CallId(7), 3).encode(&mut octets);
    let datagram = Command::SendGre {
        to: PAC,
        from: None,
        octets: octets[..length].to_vec(),
    };
    world.command(PNS_NODE, &datagram).expect("a datagram");
    run_to(&mut world, ms(100));
    let told: Vec<_> = records(&mut world)
        .iter()
        .filter_map(|record| match record.kind {
            RecordKind::GreSent(sent) => Some((record.at, "sent", sent.from)),
            RecordKind::GreDelivered { node, .. } => Some((record.at, "delivered", node)),
            _ => None,
        })
        .collect();
    assert_eq!(
        told,
        [
            (ms(0), "sent", PNS_NODE),
            (ms(20), "delivered", PAC_NODE),
            (ms(21), "sent", PAC_NODE),
            (ms(41), "delivered", PNS_NODE),
        ]
    );
}

#[test]
fn what_is_not_offered_is_unsupported() {
    let mut world = world(repeats);
    let open = Command::OpenTcp { to: PNS };
    let call = CallRef {
        connection: ConnectionId(1),
        call_id: CallId(1),
    };
    let traffic = Traffic {
        packets: 1,
        bytes: 10,
        every: None,
    };
    assert_eq!(
        world.command(PAC_NODE, &open),
        Err(CommandError::Unsupported)
    );
    let started = world.start_traffic(PAC_NODE, call, traffic);
    assert_eq!(started, Err(CommandError::Unsupported));
    assert_eq!(world.query(PAC_NODE, &Query::ConnectionState(None)), None);
}

#[test]
fn software_that_fails_or_panics_is_named_and_ends_alone() {
    let mut world = TurmoilWorld::new(WorldConfig::default());
    world.add_async_node("first", &[PAC], None, |_| async { Err("no idea".into()) });
    world.add_async_node("second", &[PNS], None, |_| async {
        sleep(Duration::from_millis(5)).await;
        panic!("what now")
    });
    world.add_async_node("third", &[[10, 0, 0, 3].into()], None, |_| async { Ok(()) });
    run_to(&mut world, ms(20));
    let failures = world.failures();
    assert_eq!(failures.len(), 2, "{failures:?}");
    assert_eq!(failures[0], "first: no idea");
    assert!(failures[1].starts_with("second: "), "{failures:?}");
    assert!(failures[1].contains("what now"), "{failures:?}");
}

#[test]
fn a_crash_is_without_a_word_and_a_restart_starts_the_software_again() {
    let mut world = world(|_| repeats_forever());
    open_tcp(&mut world);
    world.crash(PAC_NODE);
    run_to(&mut world, ms(1_000));
    send(&mut world, echo());
    run_to(&mut world, ms(2_000));
    let told = tell(&records(&mut world));
    assert_eq!(
        told.last().map(String::as_str),
        Some("1.000000 0 sent 16 in 1")
    );
    assert!(!world.only_keep_alive_left());
    world.restart(PAC_NODE);
    run_to(&mut world, ms(3_000));
    let told = tell(&records(&mut world));
    let said: Vec<_> = told.iter().map(|line| &line[9..]).collect();
    assert_eq!(said, ["1 reset", "0 got reset"]);
    let open = Command::OpenTcp { to: PAC };
    world.command(PNS_NODE, &open).expect("a connection");
    run_to(&mut world, ms(4_000));
    let told = tell(&records(&mut world));
    assert!(
        told.iter().any(|line| line.ends_with("1 opened")),
        "{told:?}"
    );
}

#[test]
fn a_reset_goes_both_ways() {
    // Unread octets make turmoil's sockets say RST.
    let mut world = world(|_| async {
        let listener = TcpListener::bind(EVERYWHERE).await?;
        let (stream, _) = listener.accept().await?;
        sleep(Duration::from_millis(500)).await;
        drop(stream);
        let (mut stream, _) = listener.accept().await?;
        let end = stream.read(&mut [0; 10]).await;
        assert!(matches!(end, Ok(0)), "{end:?}");
        Ok(())
    });
    open_tcp(&mut world);
    send(&mut world, echo());
    run_to(&mut world, ms(1_000));
    let told = tell(&records(&mut world));
    let said: Vec<_> = told.iter().rev().take(2).map(|line| &line[9..]).collect();
    assert_eq!(said, ["0 got reset", "1 reset"], "{told:?}");

    let open = Command::OpenTcp { to: PAC };
    world.command(PNS_NODE, &open).expect("a connection");
    run_to(&mut world, ms(1_200));
    let reset = Command::ResetTcp { connection: None };
    world.command(PNS_NODE, &reset).expect("a reset");
    run_to(&mut world, ms(1_500));
    let told = tell(&records(&mut world));
    let said: Vec<_> = told.iter().rev().take(2).map(|line| &line[9..]).collect();
    assert_eq!(said, ["1 got reset", "0 reset"], "{told:?}");
    assert_eq!(world.failures(), [""; 0]);
}

#[test]
fn a_stall_holds_octets_back_both_ways() {
    let mut world = world(repeats);
    open_tcp(&mut world);
    world.stall(LINK, Direction::Forward);
    send(&mut world, echo());
    run_to(&mut world, ms(3_000));
    world.release(LINK, Direction::Forward);
    world.stall(LINK, Direction::Backward);
    run_to(&mut world, ms(6_000));
    let told = tell(&records(&mut world));
    assert_eq!(
        told.last().map(String::as_str),
        Some("3.021000 1 got message")
    );
    world.release(LINK, Direction::Backward);
    run_to(&mut world, ms(6_001));
    let told = tell(&records(&mut world));
    let both = ["6.000000 1 sent 16 in 1", "6.000000 0 got message"];
    assert_eq!(told, both);
}

#[test]
fn an_idle_world_says_so_in_the_end() {
    let mut world = world(repeats);
    assert!(!world.only_keep_alive_left());
    while !world.only_keep_alive_left() {
        assert_eq!(world.advance(ms(60_000)), Advance::Event);
    }
    assert_eq!(world.now(), ms(5_000));
    assert_eq!(world.advance(ms(6_000)), Advance::Reached);
    assert_eq!(world.advance(Instant::NEVER), Advance::Quiet);
    assert_eq!(world.now(), ms(150_000));
}

#[test]
fn runs_are_equal_record_by_record() {
    let run = || {
        let mut world = world(repeats);
        open_tcp(&mut world);
        for _ in 0..3 {
            send(&mut world, echo());
        }
        run_to(&mut world, ms(5_000));
        records(&mut world)
    };
    let first = run();
    assert!(first.len() > 10);
    assert_eq!(first, run());
    let mistake = |kind: &RecordKind| {
        let nothing = NodeMistake::Endless;
        matches!(kind, RecordKind::NodeMistake { mistake, .. } if *mistake != nothing)
    };
    assert_eq!(count(&first, mistake), 0);
}
