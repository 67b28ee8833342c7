//! Who can be an endpoint, by trial: each party alone against the scripted others, then all of them together.

use std::collections::BTreeSet;

use super::acknowledgments;
use super::cast::{Cast, Endpoint, candidates};
use super::compare::Difference;
use super::names::Names;
use super::story::Story;
use super::text::{self, Draft};
use super::trial::{self, Trial};
use pptp_rules::Grade;

/// Endpoints that are tried for a party.
const MOST_CANDIDATES: usize = 8;

/// The same for a story of so many events, whose trials take long.
const FEW_CANDIDATES: usize = 2;
const LONG_STORY: usize = 400;

/// A scenario and how it was measured.
pub struct Written {
    /// The scenario.
    pub text: String,
    /// Who plays whom.
    pub cast: Vec<Cast>,
    /// What remains different: acknowledgments alone.
    pub remaining: Vec<Difference>,
}

/// Finds the cast and writes the scenario.
///
/// # Errors
/// Why not even a script reproduces the story.
pub fn write(capture: &str, story: &Story, names: &Names) -> Result<Written, String> {
    let stage = Casting {
        capture,
        story,
        names,
    };
    let scripted: Vec<Cast> = (0..story.parties.len())
        .map(|party| Cast::Scripted {
            why: stage.why_never(party).unwrap_or_else(|| "…".to_owned()),
        })
        .collect();
    let mut cast = match stage.at_once(&scripted) {
        Some(cast) => cast,
        None => {
            let alone = (0..story.parties.len()).map(|party| match stage.why_never(party) {
                Some(why) => Cast::Scripted { why },
                None => stage.alone(party, &scripted),
            });
            stage.together(alone.collect())
        }
    };
    stage.judge(&mut cast);
    let (finally, trial) = stage.finally(&cast)?;
    let remaining: Vec<Difference> = trial.differences.clone();
    if !trial.reproduces() && cast.iter().any(|it| it.endpoint().is_some()) {
        return Err(trial.reason());
    }
    let text = stage.text(&cast, &finally, &remaining)?;
    Ok(Written {
        text,
        cast,
        remaining,
    })
}

struct Casting<'s> {
    capture: &'s str,
    story: &'s Story,
    names: &'s Names,
}

impl Casting<'_> {
    /// Why a party cannot be an endpoint, where that needs no trial.
    fn why_never(&self, party: usize) -> Option<String> {
        let story = self.story;
        let mut own = story
            .connections
            .iter()
            .filter(|it| it.opener == party || it.acceptor == party)
            .peekable();
        if own.peek().is_none() {
            return Some("it has no control connection".to_owned());
        }
        if own.any(|connection| !connection.start_seen) {
            return Some("the capture begins in the middle of its connection".to_owned());
        }
        let has_gaps = story
            .connections
            .iter()
            .any(|it| (it.opener == party || it.acceptor == party) && it.has_gaps);
        has_gaps.then(|| "octets of its connection are missing in the capture".to_owned())
    }

    /// The nearest profile for every party that can have one, if they reproduce the story together: then none has to be tried alone.
    fn at_once(&self, scripted: &[Cast]) -> Option<Vec<Cast>> {
        let cast: Vec<Cast> = scripted
            .iter()
            .enumerate()
            .map(|(party, cast)| {
                let nearest = candidates(self.story, party).into_iter().next();
                match (self.why_never(party), nearest) {
                    (None, Some(endpoint)) => Cast::Endpoint(Box::new(endpoint)),
                    _ => cast.clone(),
                }
            })
            .collect();
        let trial = self.trial(&cast, &[]).ok()?;
        trial
            .reproduces()
            .then(|| self.with_acknowledgments(cast, &trial))
    }

    /// The best that an endpoint in the place of one party does while all others are scripted.
    fn alone(&self, party: usize, scripted: &[Cast]) -> Cast {
        let mut why = None;
        for candidate in
            candidates(self.story, party)
                .into_iter()
                .take(match self.story.events.len() {
                    LONG_STORY.. => FEW_CANDIDATES,
                    _ => MOST_CANDIDATES,
                })
        {
            let name = candidate.profile;
            match self.tune(party, candidate, scripted) {
                Ok(endpoint) => return Cast::Endpoint(Box::new(endpoint)),
                Err(reason) => {
                    let reason = format!("as {name}, the nearest, it would not do this: {reason}");
                    why.get_or_insert(reason);
                }
            }
        }
        Cast::Scripted {
            why: why.unwrap_or_else(|| "no profile plays its role".to_owned()),
        }
    }

    /// Tries an endpoint with data at the times of the capture, then as fast as the window allows; then with its acknowledgments.
    fn tune(
        &self,
        party: usize,
        endpoint: Endpoint,
        scripted: &[Cast],
    ) -> Result<Endpoint, String> {
        let mut reason = None;
        let sends_data = self.story.events.iter().any(|event| {
            event.from == party && event.packet().is_some_and(|it| it.data().is_some())
        });
        let paces: &[bool] = if sends_data { &[false, true] } else { &[false] };
        for is_unpaced in paces.iter().copied() {
            let mut cast = scripted.to_vec();
            let mut tried = Endpoint {
                is_unpaced,
                acknowledgments: BTreeSet::new(),
                ..endpoint.clone()
            };
            cast[party] = Cast::Endpoint(Box::new(tried.clone()));
            let trial = self.trial(&cast, &[])?;
            if !trial.reproduces() {
                reason.get_or_insert(trial.reason());
                continue;
            }
            tried.acknowledgments = acknowledgments::alike(self.story, &trial.got, party);
            cast[party] = Cast::Endpoint(Box::new(tried.clone()));
            let named = self.trial(&cast, &[]);
            if !named.is_ok_and(|trial| trial.reproduces()) {
                tried.acknowledgments.clear();
            }
            return Ok(tried);
        }
        Err(reason.unwrap_or_default())
    }

    /// As many of the endpoints as reproduce the story together.
    fn together(&self, mut cast: Vec<Cast>) -> Vec<Cast> {
        loop {
            let endpoints: Vec<usize> = (0..cast.len())
                .filter(|party| cast[*party].endpoint().is_some())
                .collect();
            if endpoints.is_empty() {
                return cast;
            }
            let mut why = match self.trial(&cast, &[]) {
                Ok(trial) if trial.reproduces() => return cast,
                Ok(trial) => trial.reason(),
                Err(why) => why,
            };
            // Acknowledgments are the first to differ where both ends go by themselves.
            let mut free = cast.clone();
            for cast in &mut free {
                if let Cast::Endpoint(endpoint) = cast {
                    endpoint.acknowledgments.clear();
                }
            }
            match self.trial(&free, &[]) {
                Ok(trial) if trial.reproduces() => {
                    return self.with_acknowledgments(free, &trial);
                }
                Ok(trial) => why = trial.reason(),
                Err(_) => {}
            }
            for party in endpoints.iter().copied() {
                let mut fewer = free.clone();
                fewer[party] = scripted_for(&why);
                if let Ok(trial) = self.trial(&fewer, &[])
                    && trial.reproduces()
                {
                    return self.with_acknowledgments(fewer, &trial);
                }
            }
            let last = endpoints[endpoints.len() - 1];
            cast[last] = scripted_for(&why);
        }
    }

    /// Has the acknowledgments named that each endpoint sends as in the capture, where the run still reproduces the story; `trial` is
    /// that of the cast without.
    fn with_acknowledgments(&self, cast: Vec<Cast>, trial: &Trial) -> Vec<Cast> {
        let mut named = cast.clone();
        for (party, cast) in named.iter_mut().enumerate() {
            if let Cast::Endpoint(endpoint) = cast {
                endpoint.acknowledgments = acknowledgments::alike(self.story, &trial.got, party);
            }
        }
        let holds = |cast: &[Cast]| self.trial(cast, &[]).is_ok_and(|trial| trial.reproduces());
        if named == cast || holds(&named) {
            return named;
        }
        let mut kept = cast;
        for party in 0..kept.len() {
            let before = std::mem::replace(&mut kept[party], named[party].clone());
            if before != kept[party] && !holds(&kept) {
                kept[party] = before;
            }
        }
        kept
    }

    /// Notes what each endpoint misses.
    fn judge(&self, cast: &mut [Cast]) {
        let clean = |trial: &Trial| trial.report.grade() <= Grade::Info;
        if self.trial(cast, &[]).is_ok_and(|trial| clean(&trial)) {
            return;
        }
        for party in 0..cast.len() {
            if cast[party].endpoint().is_none() {
                continue;
            }
            let Ok(trial) = self.judged(cast, party) else {
                continue;
            };
            let missed = trial.report.requirements.iter();
            let misses = missed
                .filter(|(_, evidence)| evidence.grade > Grade::Info)
                .map(|(requirement, _)| requirement.to_string())
                .chain(against_the_model(&trial.report.problems, party))
                .collect();
            if let Cast::Endpoint(endpoint) = &mut cast[party] {
                endpoint.misses = misses;
            }
        }
    }

    /// What can be asked for in the end, line by line as it holds.
    ///
    /// # Errors
    /// Why the scenario cannot run.
    fn finally(&self, cast: &[Cast]) -> Result<(Vec<String>, Trial), String> {
        let mut lines = Vec::new();
        if cast.iter().all(|it| it.endpoint().is_none()) {
            return Ok((lines, self.trial(cast, &[])?));
        }
        let mut wanted = vec!["calls 0".to_owned(), "connections 0".to_owned()];
        for (number, call) in self.story.calls.iter().enumerate() {
            for (from, to) in [(call.pns, call.pac), (call.pac, call.pns)] {
                let mut numbers: Vec<u32> = self
                    .story
                    .events
                    .iter()
                    .filter(|event| event.from == from)
                    .filter_map(|event| event.packet())
                    .filter(|packet| packet.call == Some(number))
                    .filter_map(|packet| packet.data().map(|(number, _)| number))
                    .collect();
                numbers.sort_unstable();
                numbers.dedup();
                if cast[to].endpoint().is_some() && !numbers.is_empty() {
                    let (node, call) = (&self.names.nodes[to], self.names.call(number));
                    let packets = numbers.len();
                    wanted.push(format!(
                        "received {node} call={call} packets={packets} in-order=#true unique=#true"
                    ));
                }
            }
        }
        // All of them at once is the rule.
        if let Ok(trial) = self.trial(cast, &wanted)
            && holds_to_the_end(&trial)
        {
            return Ok((wanted, trial));
        }
        for line in wanted {
            lines.push(line);
            let trial = self.trial(cast, &lines);
            if !trial.is_ok_and(|trial| holds_to_the_end(&trial)) {
                lines.pop();
            }
        }
        let trial = self.trial(cast, &lines)?;
        Ok((lines, trial))
    }

    fn text(
        &self,
        cast: &[Cast],
        finally: &[String],
        remaining: &[Difference],
    ) -> Result<String, String> {
        text::write(&Draft {
            capture: self.capture,
            story: self.story,
            cast,
            names: self.names,
            finally,
            remaining,
        })
    }

    fn trial(&self, cast: &[Cast], finally: &[String]) -> Result<Trial, String> {
        let text = self.text(cast, finally, &[])?;
        trial::run(&text, self.story, same_ids(cast), None)
    }

    fn judged(&self, cast: &[Cast], party: usize) -> Result<Trial, String> {
        let text = self.text(cast, &[], &[])?;
        trial::run(&text, self.story, same_ids(cast), Some(party))
    }
}

/// Whether the run reproduces the story, and what `finally` asks for held.
fn holds_to_the_end(trial: &Trial) -> bool {
    trial.reproduces() && trial.report.ending <= Grade::Info
}

/// Scripted nodes have the Call IDs of the capture.
fn same_ids(cast: &[Cast]) -> bool {
    cast.iter().all(|it| it.endpoint().is_none())
}

fn scripted_for(why: &str) -> Cast {
    Cast::Scripted {
        why: format!("beside the other endpoints it would not do this: {why}"),
    }
}

/// Requirements that a party misses by what the reference model says of it: data that its user got twice, or late.
fn against_the_model(problems: &[String], party: usize) -> Vec<String> {
    [
        ("delivered-out-of-order", "SEQ-007"),
        ("delivered-twice", "SEQ-010"),
    ]
    .into_iter()
    .filter(|(check, _)| {
        let said = format!("reference model: {check} at node {party}");
        problems.iter().any(|problem| {
            let rest = problem.strip_prefix(&said);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
        })
    })
    .map(|(_, requirement)| requirement.to_owned())
    .collect()
}
