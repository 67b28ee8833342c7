//! The tasks of a host: one that does what it is ordered, one that accepts, one for each connection that is being opened, one for
//! each socket that is read. Every one of them gives way when it has to wait, so that the order of events is turmoil's alone.

use super::sockets::{End, Order, Seen, SharedSockets};
use pptp_world::{Carried, ConnectionNumber, NodeId};
use std::future::poll_fn;
use std::net::Ipv4Addr;
use tokio::task::spawn_local;
use turmoil::net::{TcpListener, TcpStream};

/// PPTP's port (RFC 2637 §1.4).
const PORT: u16 = 1723;
/// No segment is longer than that.
const SEGMENT: usize = 65_536;

/// The software of a host. Runs until the host crashes.
pub(super) async fn run_host(shared: SharedSockets, node: NodeId) -> turmoil::Result {
    let (bell, listens, outlived) = {
        let sockets = shared.borrow();
        let host = sockets.host(node);
        (host.bell.clone(), host.listens, sockets.ends_of(node))
    };
    if listens {
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, PORT)).await?;
        spawn_local(accept(shared.clone(), node, listener));
    }
    for end in outlived {
        spawn_local(read(shared.clone(), end));
    }
    loop {
        let order = shared.borrow_mut().host_mut(node).outbox.pop_front();
        match order {
            Some(order) => perform(&shared, node, order).await,
            None => bell.notified().await,
        }
    }
}

async fn perform(shared: &SharedSockets, node: NodeId, order: Order) {
    match order {
        Order::Connect { connection, to } => {
            spawn_local(connect(shared.clone(), node, connection, to));
        }
        Order::Adopt { end, stream } => {
            shared.borrow_mut().keep(end, node, stream);
            spawn_local(read(shared.clone(), end));
        }
        Order::Write { end, octets } => write(shared, end, &octets).await,
        Order::Close { end } => {
            let is_sent = poll_fn(|context| shared.borrow_mut().poll_close(end, context)).await;
            if !is_sent {
                shared.borrow_mut().never_arrives(end, 1);
            }
        }
        Order::Drop { end } => {
            let socket = shared.borrow_mut().forget(end);
            drop(socket);
        }
    }
}

async fn write(shared: &SharedSockets, end: End, octets: &[u8]) {
    let mut rest = octets;
    while !rest.is_empty() {
        let written = poll_fn(|context| shared.borrow_mut().poll_write(end, context, rest)).await;
        match written {
            Ok(count) if count > 0 => rest = rest.get(count..).unwrap_or_default(),
            // The connection is gone: its reader learns of that.
            _ => return shared.borrow_mut().never_arrives(end, rest.len() as u64),
        }
    }
}

async fn accept(shared: SharedSockets, node: NodeId, listener: TcpListener) {
    while let Ok((stream, origin)) = listener.accept().await {
        let mut sockets = shared.borrow_mut();
        let Some(from) = sockets.host_at(origin.ip()) else {
            continue;
        };
        if sockets.host(from).is_guest {
            sockets.seen.push_back(Seen::Stranger {
                at: node,
                from,
                stream,
            });
            continue;
        }
        let Some(connection) = sockets.expected(node, from) else {
            continue;
        };
        let end = End {
            connection,
            is_opener: false,
        };
        sockets.keep(end, node, stream);
        sockets.opening_seen(connection, true);
        spawn_local(read(shared.clone(), end));
    }
}

/// Opens a connection. Where the other host listens and does not answer it was about to boot: TCP tries again.
async fn connect(shared: SharedSockets, node: NodeId, connection: ConnectionNumber, to: NodeId) {
    let end = End {
        connection,
        is_opener: true,
    };
    let (ip, is_guest, listens) = {
        let sockets = shared.borrow();
        let host = sockets.host(to);
        (host.ip, host.is_guest, host.listens)
    };
    loop {
        match TcpStream::connect((ip, PORT)).await {
            Ok(stream) => {
                shared.borrow_mut().keep(end, node, stream);
                spawn_local(read(shared.clone(), end));
                if is_guest {
                    let mut sockets = shared.borrow_mut();
                    sockets.expected(to, node);
                    sockets.opening_seen(connection, true);
                }
                return;
            }
            Err(_) if listens && !is_guest => shared.borrow_mut().is_stirred = true,
            Err(_) => {
                let mut sockets = shared.borrow_mut();
                sockets.expected(to, node);
                return sockets.opening_seen(connection, false);
            }
        }
    }
}

/// Reads a socket to its end, segment by segment.
async fn read(shared: SharedSockets, end: End) {
    let mut buffer = vec![0; SEGMENT];
    loop {
        let read =
            poll_fn(|context| shared.borrow_mut().poll_read(end, context, &mut buffer)).await;
        let carried = match read {
            Ok(0) => Carried::Close,
            Ok(count) => Carried::Octets(buffer.get(..count).unwrap_or_default().to_vec()),
            Err(_) => Carried::Reset,
        };
        let is_last = !matches!(carried, Carried::Octets(_));
        shared.borrow_mut().segment_seen(end, carried);
        if is_last {
            return;
        }
    }
}
