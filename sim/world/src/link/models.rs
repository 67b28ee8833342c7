//! The random models of one GRE path.

use super::burst_loss::{GilbertElliottState, MarkovState};
use super::chance::{Held, Running, below};
use super::picks::Picks;
use super::{Chance, FourStateMarkov, GilbertElliott, GreImpairments, Jitter, Reorder};
use crate::luck::{LuckSource, Model, PathName, Stream};

/// The models that are on. Each draws once for each datagram.
#[derive(Debug, Default)]
pub(super) struct Models {
    loss: Option<Box<Running<Chance, Held>>>,
    gilbert_elliott: Option<Box<Running<GilbertElliott, GilbertElliottState>>>,
    markov: Option<Box<Running<FourStateMarkov, MarkovState>>>,
    duplicate: Option<Box<Running<Chance, Held>>>,
    corrupt: Option<Box<Running<Chance, Held>>>,
    reorder: Option<Box<Running<Reorder, ReorderState>>>,
    jitter: Option<Box<Running<Jitter, Held>>>,
    targeted: Option<Stream>,
}

/// Luck of the packet before, and how many packets passed since the last pick.
#[derive(Debug, Default)]
struct ReorderState {
    held: Held,
    since: u32,
}

impl Models {
    /// Switches models on, off or to other parameters.
    pub(super) fn switch(&mut self, to: &GreImpairments, source: &dyn LuckSource, path: &PathName) {
        let stream = |model| move || source.stream(path, model);
        Running::switch(&mut self.loss, to.loss, stream(Model::Loss));
        Running::switch(
            &mut self.gilbert_elliott,
            to.loss_gilbert_elliott,
            stream(Model::LossGilbertElliott),
        );
        Running::switch(&mut self.markov, to.loss_markov, stream(Model::LossMarkov));
        Running::switch(&mut self.duplicate, to.duplicate, stream(Model::Duplicate));
        Running::switch(&mut self.corrupt, to.corrupt, stream(Model::Corrupt));
        Running::switch(&mut self.reorder, to.reorder, stream(Model::Reorder));
        Running::switch(&mut self.jitter, to.jitter, stream(Model::Jitter));
    }

    /// The luck of the datagram of this draw, which has so many bits and is duplicated whatever luck says if `two_copies`.
    pub(super) fn draw(&mut self, draw: u64, bits: u32, two_copies: bool) -> Picks {
        let mut picks = Picks::default();
        self.draw_loss(draw, &mut picks);
        if let Some(model) = &mut self.duplicate {
            let chance = model.parameters;
            let drawn = model
                .state
                .draw(&mut model.stream, draw, chance.correlation);
            picks.duplicate = chance.probability.hits(drawn.value);
        }
        if let Some(model) = &mut self.corrupt {
            let chance = model.parameters;
            let drawn = model
                .state
                .draw(&mut model.stream, draw, chance.correlation);
            let copies = [drawn, drawn.of_copy(chance.correlation)];
            picks.corrupt = copies.map(|drawn| {
                let hit = bits > 0 && chance.probability.hits(drawn.value);
                hit.then(|| drawn.below(bits))
            });
        }
        if let Some(model) = &mut self.reorder {
            picks.reorder = model
                .state
                .picks(&model.parameters, &mut model.stream, draw);
        }
        if let Some(model) = &mut self.jitter {
            let jitter = model.parameters;
            let drawn = model
                .state
                .draw(&mut model.stream, draw, jitter.correlation);
            picks.jitter[0] = jitter.deviation(drawn.value);
            if two_copies || picks.duplicate {
                picks.jitter[1] = jitter.deviation(drawn.of_copy(jitter.correlation).value);
            }
        }
        picks
    }

    /// Every loss model moves on, whichever loses first.
    fn draw_loss(&mut self, draw: u64, picks: &mut Picks) {
        let mut lose = |model, lost| {
            if lost && picks.lost_by.is_none() {
                picks.lost_by = Some(model);
            }
        };
        if let Some(model) = &mut self.loss {
            let chance = model.parameters;
            let drawn = model
                .state
                .draw(&mut model.stream, draw, chance.correlation);
            lose(Model::Loss, chance.probability.hits(drawn.value));
        }
        if let Some(model) = &mut self.gilbert_elliott {
            let lost = model
                .state
                .loses(&model.parameters, &mut model.stream, draw);
            lose(Model::LossGilbertElliott, lost);
        }
        if let Some(model) = &mut self.markov {
            let lost = model
                .state
                .loses(&model.parameters, &mut model.stream, draw);
            lose(Model::LossMarkov, lost);
        }
    }

    /// The bit, of so many, that a targeted rule turns over in the datagram of this draw.
    pub(super) fn draw_targeted(
        &mut self,
        draw: u64,
        bits: u32,
        source: &dyn LuckSource,
        path: &PathName,
    ) -> Option<u32> {
        let stream = self
            .targeted
            .get_or_insert_with(|| source.stream(path, Model::Targeted));
        (bits > 0).then(|| below(stream.at(draw), bits))
    }
}

impl ReorderState {
    fn picks(&mut self, parameters: &Reorder, stream: &mut Stream, draw: u64) -> bool {
        let chance = parameters.chance;
        let drawn = self.held.draw(stream, draw, chance.correlation);
        let candidate = self.since >= parameters.gap - 1;
        let picked = candidate && chance.probability.hits(drawn.value);
        self.since = if picked {
            0
        } else {
            self.since.saturating_add(1)
        };
        picked
    }
}
