//! turmoil by itself, without anything of this project: what its rows are compared with.

use std::time::{Duration, UNIX_EPOCH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use turmoil::net::{TcpListener, TcpStream, UdpSocket};
use turmoil::{Builder, Sim};

const TICK: Duration = Duration::from_millis(1);
const DELAY: Duration = Duration::from_millis(20);
/// Packets a tick: one each 10 µs.
const BURST: u64 = 100;
const SIZE: usize = 100;
/// Datagrams that may wait in a socket.
const CAPACITY: usize = 8_192;
const PORT: u16 = 1723;

/// Latency of 20 ms, no loss, a tick of 1 ms.
fn new_sim<'a>() -> Sim<'a> {
    Builder::new()
        .rng_seed(2637)
        .epoch(UNIX_EPOCH)
        .tick_duration(TICK)
        .simulation_duration(Duration::MAX)
        .min_message_latency(DELAY)
        .max_message_latency(DELAY)
        .fail_rate(0.0)
        .udp_capacity(CAPACITY)
        .build()
}

/// Moves so many datagrams of 100 octets from one host to another, one each 10 µs on the average. Gives how many arrived.
///
/// # Panics
/// If one is lost.
pub fn datagrams(packets: u64) -> u64 {
    let mut sim = new_sim();
    let arrived = std::rc::Rc::new(std::cell::Cell::new(0));
    let count = arrived.clone();
    sim.client("receiver", async move {
        let socket = UdpSocket::bind(("0.0.0.0", PORT)).await?;
        let mut buffer = [0; SIZE];
        while count.get() < packets {
            let (length, _) = socket.recv_from(&mut buffer).await?;
            assert_eq!(length, SIZE);
            count.set(count.get() + 1);
        }
        Ok(())
    });
    sim.client("sender", async move {
        let socket = UdpSocket::bind(("0.0.0.0", PORT)).await?;
        let mut buffer = [0; SIZE];
        for number in 0..packets {
            if number > 0 && number.is_multiple_of(BURST) {
                tokio::time::sleep(TICK).await;
            }
            buffer[..8].copy_from_slice(&number.to_le_bytes());
            socket.send_to(&buffer, ("receiver", PORT)).await?;
        }
        Ok(())
    });
    sim.run().expect("every datagram arrives");
    arrived.get()
}

/// One connection, idle for so many minutes but for a request of 16 octets each minute, and its answer of 20. Gives the answers.
///
/// # Panics
/// If the connection breaks.
pub fn echoes(minutes: u64) -> u64 {
    let mut sim = new_sim();
    sim.host("pac", || async {
        let listener = TcpListener::bind(("0.0.0.0", PORT)).await?;
        let (mut stream, _) = listener.accept().await?;
        let mut request = [0; 16];
        while stream.read_exact(&mut request).await.is_ok() {
            stream.write_all(&[6; 20]).await?;
        }
        Ok(())
    });
    let answered = std::rc::Rc::new(std::cell::Cell::new(0));
    let count = answered.clone();
    sim.client("pns", async move {
        let mut stream = TcpStream::connect(("pac", PORT)).await?;
        for _ in 0..minutes {
            tokio::time::sleep(Duration::from_secs(60)).await;
            stream.write_all(&[5; 16]).await?;
            stream.read_exact(&mut [0; 20]).await?;
            count.set(count.get() + 1);
        }
        Ok(())
    });
    sim.run().expect("every request is answered");
    answered.get()
}
