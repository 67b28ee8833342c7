//! An implementation of your own on tokio, held against the scenarios of the suite: `cargo run --example own_async_pac`.
//!
//! Its software is started on a host of the turmoil world. TCP is what `tokio::net` looks like; IP protocol 47 comes through
//! [`GreSocket`](pptp_harness::turmoil_world::GreSocket).

mod small_pac;

use pptp_harness::scenario::Role;
use pptp_harness::suite::{SuiteReport, SystemUnderTest, run_suite};
use pptp_harness::turmoil_world::{AsyncHost, HostResult, TcpListener, TcpStream};
use pptp_wire::{Framer, FramerConfig};
use small_pac::SmallPac;
use std::cell::RefCell;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::spawn_local;

/// A tunnel's calls: its control connection and its datagrams both need them.
type SharedPac = Rc<RefCell<SmallPac>>;

/// Serves every PNS that comes.
async fn serve(host: AsyncHost) -> HostResult {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 1723)).await?;
    let mut gre = host.gre_socket();
    let mut tunnels: Vec<(IpAddr, SharedPac)> = Vec::new();
    loop {
        // Without `biased` two runs of one seed would differ.
        tokio::select! {
            biased;
            accepted = listener.accept() => {
                let (stream, peer) = accepted?;
                let pac = SharedPac::default();
                // Those whose connection has ended are nobody else's.
                tunnels.retain(|(_, pac)| Rc::strong_count(pac) > 1);
                tunnels.push((peer.ip(), pac.clone()));
                spawn_local(control(stream, pac));
            }
            (from, octets) = gre.recv() => {
                let mut of_peer = tunnels.iter().filter(|(peer, _)| *peer == from);
                let packet = of_peer.find_map(|(_, pac)| pac.borrow_mut().acknowledge(&octets));
                if let Some(packet) = packet {
                    gre.send(from, &packet);
                }
            }
        }
    }
}

/// A control connection. What ends it on the way is the other end's business.
async fn control(mut stream: TcpStream, pac: SharedPac) {
    let mut framer = Framer::new(FramerConfig::default());
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        let mut octets = &buffer[..count];
        while let Some(frame) = framer.push(&mut octets) {
            let Ok(frame) = frame else {
                // Loss of synchronisation closes the connection (RFC 2637 §2).
                return;
            };
            let answer = pac.borrow_mut().answer(frame.octets);
            if stream.write_all(&answer.octets).await.is_err() || answer.closes {
                return;
            }
        }
    }
}

/// Runs the scenarios whose names hold `filter`.
fn judge(filter: &str) -> SuiteReport {
    run_suite(SystemUnderTest::software(Role::Pac, serve), filter, None)
}

fn main() {
    print!("{}", judge("outgoing/"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_passes_what_it_can_do() {
        for scenario in ["outgoing/pac-under-test", "control/version-refused"] {
            let report = judge(scenario);
            assert!(report.counts().runs > 0, "{scenario}");
            report.assert_passed();
        }
    }

    #[test]
    fn what_it_cannot_do_is_found() {
        let report = judge("outgoing/bad-fields");
        assert!(!report.has_passed());
        let words = report.to_string();
        assert!(
            words.contains("result-code: expected 3..7, seen 1"),
            "{words}"
        );
    }

    #[test]
    fn runs_are_equal() {
        let run = || judge("control/version").to_string();
        assert_eq!(run(), run());
    }
}
