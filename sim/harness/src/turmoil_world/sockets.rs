//! What the hosts' tasks and the world share: orders to sockets, and what sockets gave. All in one thread.

use pptp_world::{Carried, ConnectionNumber, NodeId};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use turmoil::net::TcpStream;
use turmoil::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// The shared state.
pub(super) type SharedSockets = Rc<RefCell<Sockets>>;

/// One end of a connection: its opener's, or the other.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) struct End {
    pub connection: ConnectionNumber,
    pub is_opener: bool,
}

impl End {
    /// The other end of the connection.
    pub(super) fn other(self) -> End {
        End {
            is_opener: !self.is_opener,
            ..self
        }
    }
}

/// What a host is to do with its sockets, in order.
#[derive(Debug)]
pub(super) enum Order {
    /// Open a connection.
    Connect {
        connection: ConnectionNumber,
        to: NodeId,
    },
    /// Take over a socket that was accepted before its connection had a number.
    Adopt { end: End, stream: TcpStream },
    /// Write a segment.
    Write { end: End, octets: Vec<u8> },
    /// Send FIN.
    Close { end: End },
    /// Let go of both directions.
    Drop { end: End },
}

/// What a host's sockets gave.
#[derive(Debug)]
pub(super) enum Seen {
    /// A connection came to the host of its acceptor, or found nobody listening there.
    Opening {
        connection: ConnectionNumber,
        accepted: bool,
    },
    /// A connection that an implementation on tokio opened.
    Stranger {
        at: NodeId,
        from: NodeId,
        stream: TcpStream,
    },
    /// Octets, FIN or RST have come to this end.
    Arrived { to: End, carried: Carried },
}

/// One host of the simulation.
#[derive(Debug)]
pub(super) struct HostState {
    /// The address that turmoil knows it by.
    pub ip: Ipv4Addr,
    pub listens: bool,
    /// An implementation on tokio: its sockets are its own.
    pub is_guest: bool,
    pub outbox: VecDeque<Order>,
    /// Rings when there are orders.
    pub bell: Rc<Notify>,
    /// Connections on their way to this host, and who opens them.
    pub opening: VecDeque<(NodeId, ConnectionNumber)>,
}

/// The halves of one end's socket.
#[derive(Debug)]
struct Socket {
    /// The host that it belongs to.
    owner: NodeId,
    read: Option<OwnedReadHalf>,
    write: Option<OwnedWriteHalf>,
}

/// All hosts and their sockets. Sockets live here and not in tasks: a crash drops tasks, and a socket that is dropped inside the
/// simulation sends a FIN, which a crashed host does not.
#[derive(Debug, Default)]
pub(super) struct Sockets {
    pub hosts: Vec<HostState>,
    sockets: BTreeMap<End, Socket>,
    /// What came in, in order.
    pub seen: VecDeque<Seen>,
    /// Connections between two hosts neither of which is a guest: what is on its way on them is counted.
    counted: BTreeSet<ConnectionNumber>,
    /// Octets, FINs and SYNs on those that have not been seen at the other end.
    pub under_way: u64,
    /// A task does something again that takes its time.
    pub is_stirred: bool,
}

impl Sockets {
    /// The host at an address.
    pub(super) fn host_at(&self, ip: IpAddr) -> Option<NodeId> {
        let place = self
            .hosts
            .iter()
            .position(|host| IpAddr::V4(host.ip) == ip)?;
        u16::try_from(place).ok().map(NodeId)
    }

    pub(super) fn host(&self, node: NodeId) -> &HostState {
        &self.hosts[node.index()]
    }

    pub(super) fn host_mut(&mut self, node: NodeId) -> &mut HostState {
        &mut self.hosts[node.index()]
    }

    /// Tells a host what to do; it does so in its next turn.
    pub(super) fn order(&mut self, node: NodeId, order: Order) {
        match &order {
            Order::Connect { connection, to } => {
                self.host_mut(*to).opening.push_back((node, *connection));
                if !self.host(*to).is_guest {
                    self.counted.insert(*connection);
                    self.under_way += 1;
                }
            }
            Order::Write { end, octets } => self.sets_out(*end, octets.len() as u64),
            Order::Close { end } => self.sets_out(*end, 1),
            Order::Adopt { .. } | Order::Drop { .. } => {}
        }
        let host = self.host_mut(node);
        host.outbox.push_back(order);
        host.bell.notify_one();
    }

    fn sets_out(&mut self, end: End, count: u64) {
        if self.counted.contains(&end.connection) {
            self.under_way += count;
        }
    }

    /// What had set out from an end does not arrive.
    pub(super) fn never_arrives(&mut self, end: End, count: u64) {
        if self.counted.contains(&end.connection) {
            self.under_way = self.under_way.saturating_sub(count);
        }
    }

    /// A connection came to its other host, or found nobody there.
    pub(super) fn opening_seen(&mut self, connection: ConnectionNumber, accepted: bool) {
        if self.counted.contains(&connection) {
            self.under_way = self.under_way.saturating_sub(1);
        }
        self.seen.push_back(Seen::Opening {
            connection,
            accepted,
        });
    }

    /// A socket gave something.
    pub(super) fn segment_seen(&mut self, to: End, carried: Carried) {
        let count = match &carried {
            Carried::Octets(octets) => octets.len() as u64,
            Carried::Close => 1,
            _ => 0,
        };
        self.never_arrives(to.other(), count);
        self.seen.push_back(Seen::Arrived { to, carried });
    }

    /// A host has crashed: the connections that it was opening are nobody's now.
    pub(super) fn abandoned(&mut self, opener: NodeId) -> Vec<ConnectionNumber> {
        let mut abandoned = Vec::new();
        for host in &mut self.hosts {
            host.opening.retain(|(from, connection)| {
                if *from == opener {
                    abandoned.push(*connection);
                }
                *from != opener
            });
        }
        for connection in &abandoned {
            if self.counted.contains(connection) {
                self.under_way = self.under_way.saturating_sub(1);
            }
        }
        abandoned
    }

    /// The connection that is meant where one from `from` comes to `at`.
    pub(super) fn expected(&mut self, at: NodeId, from: NodeId) -> Option<ConnectionNumber> {
        let opening = &mut self.host_mut(at).opening;
        let place = opening.iter().position(|(opener, _)| *opener == from)?;
        opening.remove(place).map(|(_, connection)| connection)
    }

    /// Keeps a socket.
    pub(super) fn keep(&mut self, end: End, owner: NodeId, stream: TcpStream) {
        let (read, write) = stream.into_split();
        let socket = Socket {
            owner,
            read: Some(read),
            write: Some(write),
        };
        self.sockets.insert(end, socket);
    }

    /// The ends of a host.
    pub(super) fn ends_of(&self, node: NodeId) -> Vec<End> {
        let ends = self.sockets.iter();
        ends.filter(|(_, socket)| socket.owner == node)
            .map(|(end, _)| *end)
            .collect()
    }

    /// Takes an end's socket away.
    pub(super) fn forget(&mut self, end: End) -> impl Sized + use<> {
        self.sockets.remove(&end)
    }

    /// The next segment of an end: its octets, none at the end of the stream.
    pub(super) fn poll_read(
        &mut self,
        end: End,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let half = self
            .sockets
            .get_mut(&end)
            .and_then(|socket| socket.read.as_mut());
        let Some(half) = half else {
            return Poll::Pending;
        };
        let mut buffer = ReadBuf::new(buffer);
        ready!(Pin::new(half).poll_read(context, &mut buffer))?;
        Poll::Ready(Ok(buffer.filled().len()))
    }

    /// Writes octets of an end; how many.
    pub(super) fn poll_write(
        &mut self,
        end: End,
        context: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.write_half(end) {
            Some(half) => Pin::new(half).poll_write(context, octets),
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    /// Sends an end's FIN.
    pub(super) fn poll_close(&mut self, end: End, context: &mut Context<'_>) -> Poll<bool> {
        let Some(half) = self.write_half(end) else {
            return Poll::Ready(false);
        };
        Pin::new(half)
            .poll_shutdown(context)
            .map(|outcome| outcome.is_ok())
    }

    fn write_half(&mut self, end: End) -> Option<&mut OwnedWriteHalf> {
        self.sockets.get_mut(&end)?.write.as_mut()
    }
}
