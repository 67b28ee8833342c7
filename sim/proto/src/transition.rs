//! Every transition of the state machines of RFC 2637 §3, with the gaps that the RFC leaves filled as the `AMB` rows read them.

macro_rules! transitions {
    ($($variant:ident $id:literal $machine:ident $state:literal $event:literal $action:literal $next:literal $source:literal;)*) => {
        /// A transition of one of the six state machines. Named by machine and number, such as `T-PNSO-04`.
        #[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
        #[repr(u8)]
        pub enum Transition {
            $(#[doc = concat!($id, ": ", $state, " -- ", $event, " / ", $action, " -> ", $next, " (", $source, ").")] $variant,)*
        }

        impl Transition {
            /// All transitions, in the order of the machines.
            pub const ALL: &'static [Transition] = &[$(Transition::$variant),*];

            /// The row of the table for this transition.
            pub const fn row(self) -> TransitionRow {
                match self {
                    $(Transition::$variant => TransitionRow {
                        id: $id,
                        machine: Machine::$machine,
                        state: $state,
                        event: $event,
                        action: $action,
                        next_state: $next,
                        source: $source,
                    },)*
                }
            }
        }
    };
}

impl Transition {
    /// Whether a call has ended here because its own side wanted it to, or because the line behind it did.
    pub(crate) const fn is_own_end(self) -> bool {
        matches!(
            self,
            Transition::Paci05
                | Transition::Paci09
                | Transition::Paci10
                | Transition::Paco07
                | Transition::Paco08
                | Transition::Pnsi09
                | Transition::Pnso14
                | Transition::Pnso15
        )
    }
}

/// One of the six state machines.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Machine {
    /// Control connection, the end that opened TCP (RFC 2637 §3.1.1).
    ConnectionOriginator,
    /// Control connection, the end that accepted TCP (RFC 2637 §3.1.2).
    ConnectionReceiver,
    /// Incoming call at the PAC (RFC 2637 §3.2.3.1).
    PacIncoming,
    /// Incoming call at the PNS (RFC 2637 §3.2.3.2).
    PnsIncoming,
    /// Outgoing call at the PAC (RFC 2637 §3.2.4.1).
    PacOutgoing,
    /// Outgoing call at the PNS (RFC 2637 §3.2.4.2).
    PnsOutgoing,
}

impl Machine {
    /// The machine's name, such as `PNS-outgoing`.
    pub const fn name(self) -> &'static str {
        match self {
            Machine::ConnectionOriginator => "CC-originator",
            Machine::ConnectionReceiver => "CC-receiver",
            Machine::PacIncoming => "PAC-incoming",
            Machine::PnsIncoming => "PNS-incoming",
            Machine::PacOutgoing => "PAC-outgoing",
            Machine::PnsOutgoing => "PNS-outgoing",
        }
    }
}

/// What the table says of one [`Transition`].
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct TransitionRow {
    /// Such as `T-PNSO-04`.
    pub id: &'static str,
    /// The machine that it belongs to.
    pub machine: Machine,
    /// The state that it leaves; `any` where it may be any.
    pub state: &'static str,
    /// What happens.
    pub event: &'static str,
    /// What the machine does.
    pub action: &'static str,
    /// The state that it reaches; `-` where the RFC leaves it open.
    pub next_state: &'static str,
    /// Section of RFC 2637 with `fig` or `text`, or the ambiguity that fills a gap.
    pub source: &'static str,
}

impl Transition {
    /// The identifier, such as `T-PNSO-04`.
    pub const fn id(self) -> &'static str {
        self.row().id
    }

    /// The state machine that the transition belongs to.
    pub const fn machine(self) -> Machine {
        self.row().machine
    }
}

impl core::fmt::Display for Transition {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.pad(self.id())
    }
}

transitions! {
    Cco01 "T-CCO-01" ConnectionOriginator "idle" "TCP open done" "send SCCRQ" "wait-ctl-reply" "3.1.1 fig";
    Cco02 "T-CCO-02" ConnectionOriginator "wait-ctl-reply" "collision, we lose" "close own TCP, reply SCCRP on the winner's TCP" "idle" "3.1.1 fig + 3.1.3";
    Cco03 "T-CCO-03" ConnectionOriginator "wait-ctl-reply" "collision, we win" "send nothing on the loser's TCP, wait for its close" "wait-ctl-reply" "3.1.3";
    Cco04 "T-CCO-04" ConnectionOriginator "wait-ctl-reply" "recv SCCRP, version ok, Result 1" "-" "established" "3.1.1 fig";
    Cco05 "T-CCO-05" ConnectionOriginator "wait-ctl-reply" "recv SCCRP, version not ok" "send StopCCRQ (Reason 2)" "wait-stop-reply" "3.1.1 fig+text (SHOULD)";
    Cco06 "T-CCO-06" ConnectionOriginator "wait-ctl-reply" "recv SCCRP, Result 2" "close (unspecified)" "idle" "gap AMB-25";
    Cco07 "T-CCO-07" ConnectionOriginator "wait-ctl-reply" "recv SCCRP, Result 3" "close (unspecified)" "idle" "gap AMB-25";
    Cco08 "T-CCO-08" ConnectionOriginator "wait-ctl-reply" "recv SCCRP, Result 4" "close (unspecified)" "idle" "gap AMB-25";
    Cco09 "T-CCO-09" ConnectionOriginator "wait-ctl-reply" "recv SCCRP, Result 5" "close (unspecified)" "idle" "gap AMB-25";
    Cco10 "T-CCO-10" ConnectionOriginator "wait-ctl-reply" "60 s without SCCRP" "close TCP" "idle" "3.1.4 (1)";
    Cco11 "T-CCO-11" ConnectionOriginator "wait-ctl-reply" "recv StopCCRQ" "send StopCCRP, close TCP" "idle" "gap (implementations)";
    Cco12 "T-CCO-12" ConnectionOriginator "established" "local terminate" "send StopCCRQ" "wait-stop-reply" "3.1.1 fig (MUST)";
    Cco13 "T-CCO-13" ConnectionOriginator "established" "recv StopCCRQ" "send StopCCRP, close TCP" "idle" "3.1.1 text (SHOULD)";
    Cco14 "T-CCO-14" ConnectionOriginator "established" "60 s without received control message" "send Echo-Request" "established" "3.1.4 (2)";
    Cco15 "T-CCO-15" ConnectionOriginator "established" "60 s without Echo-Reply" "close TCP" "idle" "3.1.4 (2)";
    Cco16 "T-CCO-16" ConnectionOriginator "wait-stop-reply" "recv StopCCRP" "close TCP" "idle" "3.1.1 text (SHOULD)";
    Cco17 "T-CCO-17" ConnectionOriginator "wait-stop-reply" "recv StopCCRQ" "send StopCCRP, close TCP" "idle" "3.1.1 fig";
    Cco18 "T-CCO-18" ConnectionOriginator "wait-stop-reply" "60 s" "close TCP" "idle" "3 general rule";
    Cco19 "T-CCO-19" ConnectionOriginator "any" "TCP closed by peer" "drop all calls" "idle" "3";
    Cco20 "T-CCO-20" ConnectionOriginator "any" "malformed message" "log, close TCP (restart)" "idle" "3 / 1.4";
    Cco21 "T-CCO-21" ConnectionOriginator "established" "recv Echo-Request" "send Echo-Reply Result 1, same Identifier" "established" "2.6";
    Cco22 "T-CCO-22" ConnectionOriginator "established" "recv Echo-Reply" "stop the reply timer" "established" "3.1.4 (2)";
    Cco23 "T-CCO-23" ConnectionOriginator "wait-ctl-reply" "collision, equal addresses" "no winner can be found: close both, retry later (reading of AMB-26)" "idle" "gap AMB-26";
    Ccr01 "T-CCR-01" ConnectionReceiver "idle" "TCP accepted" "wait for SCCRQ (60 s)" "idle" "3.1.2 text, 3.1.4 (1)";
    Ccr02 "T-CCR-02" ConnectionReceiver "idle" "60 s without SCCRQ" "close TCP" "idle" "3.1.4 (1)";
    Ccr03 "T-CCR-03" ConnectionReceiver "idle" "recv SCCRQ, version ok" "send SCCRP Result 1" "established" "3.1.2 fig";
    Ccr04 "T-CCR-04" ConnectionReceiver "idle" "recv SCCRQ, version not ok" "send SCCRP Result 5, close TCP" "idle" "3.1.2 fig+text (SHOULD)";
    Ccr05 "T-CCR-05" ConnectionReceiver "idle" "recv SCCRQ, not authorised" "send SCCRP Result 4, close" "idle" "2.2 (close implied)";
    Ccr06 "T-CCR-06" ConnectionReceiver "idle" "recv SCCRQ, channel exists" "send SCCRP Result 3, close" "idle" "2.2 (close implied)";
    Ccr07 "T-CCR-07" ConnectionReceiver "idle" "recv SCCRQ, general error" "send SCCRP Result 2, close" "idle" "2.2 (close implied)";
    Ccr08 "T-CCR-08" ConnectionReceiver "established" "recv StopCCRQ (figure prints Start)" "send StopCCRP, close TCP" "idle" "3.1.2 fig+text";
    Ccr09 "T-CCR-09" ConnectionReceiver "established" "local terminate" "send StopCCRQ" "wait-stop-reply" "3.1.2 fig (MUST)";
    Ccr10 "T-CCR-10" ConnectionReceiver "established" "recv SCCRQ" "unspecified" "-" "gap AMB-24";
    Ccr11 "T-CCR-11" ConnectionReceiver "established" "60 s without received control message" "send Echo-Request" "established" "3.1.4 (2)";
    Ccr12 "T-CCR-12" ConnectionReceiver "established" "60 s without Echo-Reply" "close TCP" "idle" "3.1.4 (2)";
    Ccr13 "T-CCR-13" ConnectionReceiver "wait-stop-reply" "recv StopCCRP" "close TCP" "idle" "3.1.2 fig+text";
    Ccr14 "T-CCR-14" ConnectionReceiver "wait-stop-reply" "60 s" "close TCP" "idle" "3 general rule";
    Ccr15 "T-CCR-15" ConnectionReceiver "established" "recv Echo-Request" "send Echo-Reply Result 1, same Identifier" "established" "2.6";
    Ccr16 "T-CCR-16" ConnectionReceiver "established" "recv Echo-Reply" "stop the reply timer" "established" "3.1.4 (2)";
    Ccr17 "T-CCR-17" ConnectionReceiver "wait-stop-reply" "recv StopCCRQ (crossing)" "send StopCCRP, close TCP" "idle" "gap, as the originator's 3.1.1 fig";
    Ccr18 "T-CCR-18" ConnectionReceiver "any" "TCP closed by peer" "drop all calls" "idle" "3";
    Ccr19 "T-CCR-19" ConnectionReceiver "any" "malformed message" "log, close TCP" "idle" "3 / 1.4";
    Paci01 "T-PACI-01" PacIncoming "idle" "ring" "send ICRQ" "wait-reply" "3.2.3.1 fig";
    Paci02 "T-PACI-02" PacIncoming "wait-reply" "recv ICRP Result 2" "-" "idle" "3.2.3.1 fig";
    Paci03 "T-PACI-03" PacIncoming "wait-reply" "recv ICRP Result 3" "-" "idle" "3.2.3.1 fig";
    Paci04 "T-PACI-04" PacIncoming "wait-reply" "recv ICRP Result 1" "answer call, send ICCN" "established" "3.2.3.1 fig";
    Paci05 "T-PACI-05" PacIncoming "wait-reply" "abort (caller hung up)" "send CDN" "idle" "3.2.3.1 fig";
    Paci06 "T-PACI-06" PacIncoming "wait-reply" "recv Call-Clear-Request" "send CDN Result 4" "idle" "2.12 (not drawn)";
    Paci07 "T-PACI-07" PacIncoming "wait-reply" "60 s" "close control connection" "idle" "3.2.1";
    Paci08 "T-PACI-08" PacIncoming "established" "recv Call-Clear-Request" "send CDN Result 4" "idle" "3.2.3.1 fig";
    Paci09 "T-PACI-09" PacIncoming "established" "telco call dropped" "send CDN Result 1" "idle" "3.2.3.1 fig";
    Paci10 "T-PACI-10" PacIncoming "established" "local disconnect" "send CDN Result 3" "idle" "3.2.3.1 fig";
    Paci11 "T-PACI-11" PacIncoming "established" "WAN error seen" "send WAN-Error-Notify" "established" "2.14";
    Paci12 "T-PACI-12" PacIncoming "established" "recv Set-Link-Info" "set the line's ACCM" "established" "2.15";
    Pnsi01 "T-PNSI-01" PnsIncoming "idle" "recv ICRQ, general error" "send ICRP Result 2" "idle" "3.2.3.2 fig";
    Pnsi02 "T-PNSI-02" PnsIncoming "idle" "recv ICRQ, do not accept" "send ICRP Result 3" "idle" "3.2.3.2 fig";
    Pnsi03 "T-PNSI-03" PnsIncoming "idle" "recv ICRQ acceptable" "send ICRP Result 1" "wait-connect" "3.2.3.2 fig";
    Pnsi04 "T-PNSI-04" PnsIncoming "wait-connect" "recv ICCN" "-" "established" "3.2.3.2 fig";
    Pnsi05 "T-PNSI-05" PnsIncoming "wait-connect" "recv CDN" "-" "idle" "3.2.3.2 fig";
    Pnsi06 "T-PNSI-06" PnsIncoming "wait-connect" "local terminate" "send Call-Clear-Request" "wait-disconnect" "2.12 (not drawn)";
    Pnsi07 "T-PNSI-07" PnsIncoming "established" "recv CDN" "-" "idle" "3.2.3.2 fig";
    Pnsi08 "T-PNSI-08" PnsIncoming "established" "local terminate" "send Call-Clear-Request" "wait-disconnect" "3.2.3.2 fig";
    Pnsi09 "T-PNSI-09" PnsIncoming "wait-disconnect" "recv CDN" "-" "idle" "3.2.3.2 fig";
    Pnsi10 "T-PNSI-10" PnsIncoming "wait-disconnect" "recv ICCN (crossing)" "ignore" "wait-disconnect" "gap AMB-39";
    Pnsi11 "T-PNSI-11" PnsIncoming "wait-connect" "60 s" "close control connection" "idle" "3.2.1";
    Pnsi12 "T-PNSI-12" PnsIncoming "wait-disconnect" "60 s" "close control connection" "idle" "3.2.1";
    Pnsi13 "T-PNSI-13" PnsIncoming "established" "recv WAN-Error-Notify" "count" "established" "2.14";
    Pnsi14 "T-PNSI-14" PnsIncoming "established" "PPP options settled" "send Set-Link-Info" "established" "2.15";
    Paco01 "T-PACO-01" PacOutgoing "idle" "recv OCRQ in error" "send OCRP with error" "idle" "3.2.4.1 fig";
    Paco02 "T-PACO-02" PacOutgoing "idle" "recv OCRQ ok" "off hook, dial" "wait-cs-ans" "3.2.4.1 fig";
    Paco03 "T-PACO-03" PacOutgoing "wait-cs-ans" "call incomplete / dial timer" "send OCRP with failure" "idle" "3.2.4.1 fig+text";
    Paco04 "T-PACO-04" PacOutgoing "wait-cs-ans" "recv Call-Clear-Request" "send CDN" "idle" "3.2.4.1 fig";
    Paco05 "T-PACO-05" PacOutgoing "wait-cs-ans" "telco answer" "send OCRP Result 1" "established" "3.2.4.1 fig";
    Paco06 "T-PACO-06" PacOutgoing "established" "recv Call-Clear-Request" "hang up, send CDN Result 4" "idle" "3.2.4.1 fig (SHOULD)";
    Paco07 "T-PACO-07" PacOutgoing "established" "local terminate" "hang up, send CDN Result 3" "idle" "3.2.4.1 fig";
    Paco08 "T-PACO-08" PacOutgoing "established" "telco disconnect" "send CDN Result 1" "idle" "3.2.4.1 fig (SHOULD)";
    Paco09 "T-PACO-09" PacOutgoing "established" "WAN error seen" "send WAN-Error-Notify" "established" "2.14";
    Paco10 "T-PACO-10" PacOutgoing "established" "recv Set-Link-Info" "set the line's ACCM" "established" "2.15";
    Pnso01 "T-PNSO-01" PnsOutgoing "idle" "open indication" "send OCRQ" "wait-reply" "3.2.4.2 fig";
    Pnso02 "T-PNSO-02" PnsOutgoing "wait-reply" "recv OCRP Result 2" "-" "idle" "3.2.4.2 fig";
    Pnso03 "T-PNSO-03" PnsOutgoing "wait-reply" "recv OCRP Result 3" "-" "idle" "3.2.4.2 fig";
    Pnso04 "T-PNSO-04" PnsOutgoing "wait-reply" "recv OCRP Result 4" "-" "idle" "3.2.4.2 fig";
    Pnso05 "T-PNSO-05" PnsOutgoing "wait-reply" "recv OCRP Result 5" "-" "idle" "3.2.4.2 fig";
    Pnso06 "T-PNSO-06" PnsOutgoing "wait-reply" "recv OCRP Result 6" "-" "idle" "3.2.4.2 fig";
    Pnso07 "T-PNSO-07" PnsOutgoing "wait-reply" "recv OCRP Result 7" "-" "idle" "3.2.4.2 fig";
    Pnso08 "T-PNSO-08" PnsOutgoing "wait-reply" "recv OCRP Result 1" "-" "established" "3.2.4.2 fig";
    Pnso09 "T-PNSO-09" PnsOutgoing "wait-reply" "abort" "send Call-Clear-Request" "wait-disconnect" "3.2.4.2 fig";
    Pnso10 "T-PNSO-10" PnsOutgoing "wait-reply" "recv CDN" "unspecified (treat as failure)" "idle" "gap AMB-38";
    Pnso11 "T-PNSO-11" PnsOutgoing "wait-reply" "60 s" "close control connection (or clear, AMB-31)" "idle" "3.2.1";
    Pnso12 "T-PNSO-12" PnsOutgoing "established" "recv CDN" "-" "idle" "3.2.4.2 fig";
    Pnso13 "T-PNSO-13" PnsOutgoing "established" "local terminate" "send Call-Clear-Request" "wait-disconnect" "3.2.4.2 fig";
    Pnso14 "T-PNSO-14" PnsOutgoing "wait-disconnect" "recv CDN" "-" "idle" "3.2.4.2 fig";
    Pnso15 "T-PNSO-15" PnsOutgoing "wait-disconnect" "recv OCRP (crossing)" "ignore" "wait-disconnect" "gap AMB-39";
    Pnso16 "T-PNSO-16" PnsOutgoing "established" "recv WAN-Error-Notify" "count" "established" "2.14";
    Pnso17 "T-PNSO-17" PnsOutgoing "established" "PPP options settled" "send Set-Link-Info" "established" "2.15";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_unique_and_in_the_order_of_their_machines() {
        let ids: Vec<&str> = Transition::ALL
            .iter()
            .map(|transition| transition.id())
            .collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), ids.len());
        assert!(Transition::ALL.is_sorted_by_key(|transition| (transition.machine(), *transition)));
        assert_eq!(Transition::ALL.len(), 95);
    }
}
