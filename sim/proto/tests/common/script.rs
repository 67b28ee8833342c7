//! What the script on side 1 does.

use super::*;
use pptp_wire::{StartControlConnectionReply, StartControlConnectionRequest};

impl Net {
    /// The script opens a connection to the endpoint.
    pub fn script_opens(&mut self) -> usize {
        self.connect(1, ConnectionId(self.links.len() as u32 * 2 + 1));
        let link = self.links.len() - 1;
        self.links[link].ids[0] = ConnectionId(link as u32 * 2 + 2);
        self.run(self.delay * 3);
        link
    }

    /// The script sends a message, which arrives before this returns.
    pub fn script_sends(&mut self, link: usize, message: impl Into<ControlMessage>) {
        let message = message.into();
        let octets = message.encode(&mut [0; MAXIMUM_LENGTH]).to_vec();
        self.script_sends_octets(link, &octets);
    }

    pub fn script_sends_octets(&mut self, link: usize, octets: &[u8]) {
        self.post(0, self.delay, Delivery::Octets(link, octets.to_vec()));
        self.run(self.delay);
    }

    pub fn script_sends_datagram(&mut self, from: Ipv4Addr, octets: &[u8]) {
        self.post(0, self.delay, Delivery::Datagram(from, octets.to_vec()));
        self.run(self.delay);
    }

    pub fn script_closes(&mut self, link: usize) {
        self.post(0, self.delay, Delivery::Closed(link));
        self.run(self.delay);
    }

    pub fn script_resets(&mut self, link: usize) {
        self.post(0, self.delay, Delivery::Reset(link));
        self.run(self.delay);
    }

    /// What has reached the script since the last call.
    pub fn script_received(&mut self, link: usize) -> Vec<ControlMessage> {
        self.run(self.delay);
        core::mem::take(&mut self.links[link].received)
    }

    /// Whether the endpoint has closed the connection.
    pub fn is_closed(&self, link: usize) -> bool {
        self.links[link].closed[0]
    }

    pub fn id(&self, side: usize, link: usize) -> ConnectionId {
        self.links[link].ids[side]
    }
}

/// An endpoint that is PAC, the script PNS, the control connection up.
pub fn at_pac(config: Config) -> (Net, usize) {
    let mut net = Net::scripted(config);
    let link = net.script_opens();
    net.script_sends(link, StartControlConnectionRequest::default());
    net.script_received(link);
    (net, link)
}

/// An endpoint that is PNS, the script PAC, the control connection up.
pub fn at_pns(config: Config) -> (Net, usize) {
    let mut net = Net::scripted(config);
    net.command(0, &Command::OpenControl { to: PAC_ADDRESS });
    net.run(DELAY * 3);
    net.script_sends(0, StartControlConnectionReply::default());
    net.script_received(0);
    (net, 0)
}
