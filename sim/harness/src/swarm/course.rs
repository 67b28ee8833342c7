//! A course of a seed: control connections and calls come up, data flows, things go wrong, users change their minds.

use pptp_world::fuzzing::{GreChoice, Step};

use super::draw::Draw;
use super::feature::{Feature, Features};
use super::network;

/// The ways of a plan: both directions of both links.
const WAYS: u8 = 4;
/// The nodes of a plan.
const PNS: u8 = 0;
const PAC: u8 = 1;
const SECOND_PNS: u8 = 2;
/// Packets that a course offers at most, whatever its length.
const MOST_PACKETS: u64 = 1_200;

/// Writes the steps of a course.
pub(super) struct Course<'d> {
    draw: &'d mut Draw,
    features: Features,
    /// Milliseconds that a link delays.
    delay: u8,
    steps: Vec<Step>,
    /// What has begun and is over so many events later.
    pending: Vec<(u8, Step)>,
    offered: u64,
}

/// One thing that may happen next.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
enum Event {
    Call,
    Data,
    BothWays,
    Impair,
    ImpairControl,
    Repair,
    Target,
    HoldUp,
    Outage,
    Stall,
    Reset,
    HalfClose,
    Crash,
    Restart,
    EndCall,
    LoseCarrier,
    LinkInfo,
    WanErrors,
    Close,
    Open,
    Nothing,
}

/// The whole course of a seed.
pub(super) fn course(draw: &mut Draw, features: Features, delay: u8) -> Vec<Step> {
    let mut course = Course::new(draw, features, delay);
    course.begin();
    let events = course.draw.pick(&[4, 6, 8, 8, 12, 12, 16, 24]);
    for _ in 0..events {
        course.event();
    }
    course.end();
    course.steps
}

/// Some events of a course that has begun.
pub(super) fn piece(draw: &mut Draw, features: Features, delay: u8) -> Vec<Step> {
    let mut course = Course::new(draw, features, delay);
    for _ in 0..course.draw.between(1, 4) {
        course.event();
    }
    course.steps
}

impl<'d> Course<'d> {
    fn new(draw: &'d mut Draw, features: Features, delay: u8) -> Course<'d> {
        Course {
            draw,
            features,
            delay,
            steps: Vec::new(),
            pending: Vec::new(),
            offered: 0,
        }
    }

    fn has(&self, feature: Feature) -> bool {
        self.features.has(feature)
    }

    /// Control connections, and a first call with data.
    fn begin(&mut self) {
        if self.draw.chance(1, 3) {
            self.impair_control();
        }
        self.open(PNS);
        if self.has(Feature::Collision) {
            self.open(PAC);
        }
        if self.has(Feature::SecondPns) {
            self.short_wait();
            self.open(SECOND_PNS);
        }
        // Mostly until the connection stands: four ways.
        let ways = self.draw.pick(&[1, 2, 4, 4, 5, 5, 6, 8]);
        self.wait(u64::from(self.delay) * ways + 1);
        self.call();
        if self.draw.chance(1, 2) {
            self.impair();
        }
        let ways = self.draw.pick(&[1, 2, 3, 3, 4]);
        self.wait(u64::from(self.delay) * ways + 1);
        if self.draw.chance(3, 4) {
            self.both_ways();
        }
    }

    /// In half of the courses users leave in order.
    fn end(&mut self) {
        for (_, step) in std::mem::take(&mut self.pending) {
            if self.draw.chance(1, 2) {
                self.steps.push(step);
            }
        }
        if self.draw.chance(1, 2) {
            return;
        }
        if self.has(Feature::Clears) {
            for _ in 0..self.draw.between(1, 3) {
                self.end_call();
                self.short_wait();
            }
        }
        if self.has(Feature::Closes) {
            self.close();
        }
    }

    fn event(&mut self) {
        for (left, _) in &mut self.pending {
            *left -= 1;
        }
        let (over, pending) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|(left, _)| *left == 0);
        self.pending = pending;
        let over: Vec<(u8, Step)> = over;
        self.steps.extend(over.into_iter().map(|(_, step)| step));
        let events = self.events();
        match self.draw.weighted(&events).unwrap_or(Event::Nothing) {
            Event::Call => self.call(),
            Event::Data => self.data(),
            Event::BothWays => self.both_ways(),
            Event::Impair => self.impair(),
            Event::ImpairControl => self.impair_control(),
            Event::Repair => self.repair(),
            Event::Target => self.target(),
            Event::HoldUp => self.hold_up(),
            Event::Outage => self.outage(),
            Event::Stall => self.stall(),
            Event::Reset => {
                let connection = self.draw.octet(0, 3);
                self.steps.push(Step::ResetConnection { connection });
            }
            Event::HalfClose => {
                let connection = self.draw.octet(0, 3);
                let backward = self.draw.chance(1, 2);
                self.steps.push(Step::HalfClose {
                    connection,
                    backward,
                });
            }
            Event::Crash => self.crash(),
            Event::Restart => {
                let node = self.node();
                self.steps.push(Step::Restart { node });
            }
            Event::EndCall => self.end_call(),
            Event::LoseCarrier => {
                let call = self.any_call();
                self.steps.push(Step::LoseCarrier { call });
            }
            Event::LinkInfo => {
                let call = self.any_call();
                self.steps.push(Step::SetLinkInfo { call });
            }
            Event::WanErrors => {
                let call = self.any_call();
                let errors = self.draw.octet(1, 9);
                self.steps.push(Step::CountWanErrors { call, errors });
            }
            Event::Close => self.close(),
            Event::Open => {
                let node = self.opener();
                self.open(node);
            }
            Event::Nothing => {}
        }
        self.pause();
    }

    /// What may happen, and how often.
    fn events(&self) -> Vec<(u64, Event)> {
        let when = |feature, weight| if self.has(feature) { weight } else { 0 };
        let lossy = [
            Feature::Loss,
            Feature::Bursts,
            Feature::Chain,
            Feature::Delay,
            Feature::Jitter,
            Feature::Reorder,
            Feature::Duplicate,
            Feature::Corrupt,
            Feature::Rate,
            Feature::Mtu,
        ];
        let is_lossy = lossy.iter().any(|feature| self.has(*feature));
        let shapes = self.has(Feature::ControlJitter) || self.has(Feature::Segments);
        let impair = if is_lossy { 3 } else { 0 };
        vec![
            (
                if self.has(Feature::ManyCalls) { 7 } else { 2 },
                Event::Call,
            ),
            (6, Event::Data),
            (6, Event::BothWays),
            (impair, Event::Impair),
            (impair / 2, Event::Repair),
            (if shapes { 2 } else { 0 }, Event::ImpairControl),
            (when(Feature::Targeted, 5), Event::Target),
            (when(Feature::HeldUp, 3), Event::HoldUp),
            (when(Feature::Outages, 2), Event::Outage),
            (when(Feature::Stalls, 2), Event::Stall),
            (when(Feature::Resets, 1), Event::Reset),
            (when(Feature::HalfCloses, 1), Event::HalfClose),
            (when(Feature::Crashes, 1), Event::Crash),
            (when(Feature::Crashes, 1), Event::Restart),
            (when(Feature::Clears, 4), Event::EndCall),
            (when(Feature::CarrierLoss, 2), Event::LoseCarrier),
            (when(Feature::LinkInfo, 2), Event::LinkInfo),
            (when(Feature::WanErrors, 2), Event::WanErrors),
            (when(Feature::Closes, 1), Event::Close),
            (2, Event::Open),
            (1, Event::Nothing),
        ]
    }

    fn node(&mut self) -> u8 {
        if self.has(Feature::SecondPns) {
            self.draw.octet(PNS, SECOND_PNS)
        } else {
            self.draw.octet(PNS, PAC)
        }
    }

    /// Who opens control connections.
    fn opener(&mut self) -> u8 {
        let opens = self.has(Feature::PacOpens) || self.has(Feature::Collision);
        if opens && self.draw.chance(1, 2) {
            PAC
        } else {
            self.pns()
        }
    }

    fn pns(&mut self) -> u8 {
        if self.has(Feature::SecondPns) && self.draw.chance(1, 2) {
            SECOND_PNS
        } else {
            PNS
        }
    }

    fn way(&mut self) -> u8 {
        if self.has(Feature::SecondPns) && self.draw.chance(1, 2) {
            self.draw.octet(0, WAYS - 1)
        } else {
            self.draw.octet(0, 1)
        }
    }

    fn any_call(&mut self) -> u8 {
        if self.has(Feature::ManyCalls) {
            self.draw.octet(0, 11)
        } else {
            self.draw.octet(0, 3)
        }
    }

    fn open(&mut self, node: u8) {
        let to = if node == PAC { self.pns() } else { PAC };
        self.steps.push(Step::OpenControl { node, to });
    }

    fn close(&mut self) {
        let node = self.node();
        let reason = self.draw.octet(0, 1);
        self.steps.push(Step::CloseControl { node, reason });
        if self.draw.chance(1, 2) {
            self.short_wait();
            let node = self.opener();
            self.open(node);
        }
    }

    fn call(&mut self) {
        let rings = self.has(Feature::Incoming) && self.draw.chance(1, 2);
        let node = if rings { PAC } else { self.pns() };
        self.steps.push(Step::Call { node });
        if self.has(Feature::ManyCalls) && self.draw.chance(1, 3) {
            self.steps.push(Step::Call { node });
        }
    }

    fn end_call(&mut self) {
        let call = self.any_call();
        self.steps.push(Step::EndCall { call });
    }

    fn data(&mut self) {
        let call = self.any_call();
        self.traffic(call);
    }

    /// Data from two ends, mostly of the same call.
    fn both_ways(&mut self) {
        let call = self.any_call();
        self.traffic(call);
        if self.draw.chance(1, 3) {
            self.short_wait();
        }
        self.traffic(call ^ 1);
    }

    fn traffic(&mut self, call: u8) {
        let packets = if self.has(Feature::LongRuns) && self.draw.chance(1, 2) {
            self.draw.octet(60, 255)
        } else {
            let most = self.draw.pick(&[3, 12, 40]);
            self.draw.octet(1, most)
        };
        self.offered += u64::from(packets);
        if self.offered > MOST_PACKETS {
            return;
        }
        let length = self.draw.pick(&[0, 39, 99, 299, 575, 1_399, 1_531]);
        let every = if self.draw.chance(1, 2) {
            Some(self.draw.pick(&[1, 2, 7, 20, 100]))
        } else {
            None
        };
        self.steps.push(Step::Traffic {
            call,
            packets,
            length,
            every,
        });
    }

    fn impair(&mut self) {
        let way = self.way();
        let ways = if self.draw.chance(1, 3) {
            vec![way, way ^ 1]
        } else {
            vec![way]
        };
        for way in ways {
            let impairments = network::gre(self.draw, self.features, self.delay);
            self.steps.push(Step::ImpairGre { way, impairments });
        }
    }

    fn repair(&mut self) {
        let way = self.way();
        let impairments = GreChoice::only_delay(network::tenths(self.delay));
        self.steps.push(Step::ImpairGre { way, impairments });
    }

    fn impair_control(&mut self) {
        let way = self.way();
        let impairments = network::control(self.draw, self.features, self.delay);
        self.steps.push(Step::ImpairControl { way, impairments });
    }

    fn target(&mut self) {
        let way = self.way();
        let acknowledgment_only = self.draw.pick(&[None, Some(true), Some(true), Some(false)]);
        let action = self.draw.octet(0, 3);
        let amount = if action == 1 {
            let delay = u16::from(self.delay);
            self.draw
                .pick(&[1, 10, delay, delay * 3, 350, 1_200, 12_000])
        } else {
            self.draw.pick(&[0, 0, 1, 12, 17, 40, 96, 130])
        };
        let most = self.draw.pick(&[2, 9, 60]);
        let first = self.draw.octet(1, most);
        let more = self.draw.pick(&[0, 0, 0, 1, 3, 15, 255]);
        self.steps.push(Step::Target {
            way,
            first,
            more,
            acknowledgment_only,
            action,
            amount,
        });
    }

    fn hold_up(&mut self) {
        let way = self.way();
        let message = self.draw.octet(1, 15);
        let milliseconds = self.draw.pick(&[5, 40, 400, 3_000, 20_000, 61_000]);
        self.steps.push(Step::HoldUp {
            way,
            message,
            milliseconds,
        });
    }

    fn outage(&mut self) {
        let way = self.way();
        self.lasting(
            Step::Outage { way, begins: true },
            Step::Outage { way, begins: false },
        );
        if self.draw.chance(1, 2) {
            let way = way ^ 1;
            self.lasting(
                Step::Outage { way, begins: true },
                Step::Outage { way, begins: false },
            );
        }
    }

    fn stall(&mut self) {
        let way = self.way();
        self.lasting(
            Step::Stall { way, begins: true },
            Step::Stall { way, begins: false },
        );
    }

    fn crash(&mut self) {
        let node = self.node();
        self.lasting(Step::Crash { node }, Step::Restart { node });
    }

    /// Something that begins now, and is over a few events later or when the network heals.
    fn lasting(&mut self, begins: Step, ends: Step) {
        self.steps.push(begins);
        if self.draw.chance(4, 5) {
            let events = self.draw.octet(1, 4);
            self.pending.push((events, ends));
        }
    }

    /// The time to the next event: none, less than a packet takes, or long.
    fn pause(&mut self) {
        let delay = u64::from(self.delay);
        let hasty = if self.has(Feature::Haste) { 10 } else { 2 };
        let long = if self.has(Feature::LongWaits) { 2 } else { 0 };
        let span = self.draw.weighted(&[
            (hasty, (0, 0)),
            (2, (1, 3)),
            (5, (1, delay * 3 + 5)),
            (4, (20, 400)),
            (3, (400, 4_000)),
            (1, (4_000, 20_000)),
            (long, (55_000, 65_500)),
        ]);
        let (from, to) = span.unwrap_or((0, 0));
        let milliseconds = self.draw.between(from, to);
        self.wait(milliseconds);
        if long > 0 && self.draw.chance(1, 10) {
            let seconds = self.draw.pick(&[30, 61, 120, 121, 185, 250]);
            self.steps.push(Step::Sleep { seconds });
        }
    }

    fn short_wait(&mut self) {
        let milliseconds = self.draw.between(0, u64::from(self.delay) * 2);
        self.wait(milliseconds);
    }

    fn wait(&mut self, milliseconds: u64) {
        if milliseconds > 0 {
            let milliseconds = u16::try_from(milliseconds).unwrap_or(u16::MAX);
            self.steps.push(Step::Wait { milliseconds });
        }
    }
}
