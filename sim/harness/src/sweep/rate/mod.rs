//! Stated rates: whether a scenario holds in so many of all seeds, decided one seed after the other.
//!
//! A scenario that says `holds in "99.9%" of="seeds" confidence="99.9%"` claims that the rate `p` at which it holds is at least `r`, 99.9 %, where
//! single seeds may fail. Seeds are draws of one generator each, and count as independent. Two tests run side by side over the seeds, in
//! their order, each a [sequential probability ratio test](https://doi.org/10.1214/aoms/1177731118) of Wald's with one boundary:
//!
//! * one against `p ≥ r`: with each seed the ratio of the likelihoods of `r - d` and `r` grows or shrinks. When it reaches `1/α`, the rate
//!   is **refuted**;
//! * one against `p ≤ r`: the same with `r + d` and `r`. When it reaches `1/α`, the scenario **holds**.
//!
//! `α` is 1 less the confidence, and `d` is half of `r` or of `1 - r`, whichever is less.
//!
//! # How often it errs
//!
//! Let `p ≥ r`, and `L` the first ratio after some seeds. The next seed multiplies `L` by `(r - d)/r < 1` with the probability `p`, and by
//! `(1 - r + d)/(1 - r) > 1` otherwise. The mean factor falls as `p` grows, and is 1 where `p = r`: so `L` is a supermartingale that begins
//! with 1 and is never negative, and by Ville's inequality it ever reaches `1/α` with a probability of `α` at most. So **a rate that is
//! kept is refuted with a probability of at most 1 - confidence, however many seeds are played**, and by the same argument, with the signs
//! turned round, so is one that is not kept said to hold. That the tests look after each seed is part of the bound and costs nothing.
//!
//! # How soon it decides
//!
//! Between `r - d` and `r + d` lies the region of indifference: a rate that is hardly better or worse than stated may remain undecided, for
//! good where it is exactly `r`. Outside of it the mean of the growing ratio's logarithm rises by at least the divergence of `r ± d` from
//! `r` a seed, so that the test decides almost surely, and, by the above, rightly with at least the confidence. Where no seed fails,
//! it takes about `2 ln(1/α) / (1 - r)` seeds: 13,806 for 99.9 % with a confidence of 99.9 %.
//!
//! # In whole numbers
//!
//! Logarithms of factors and boundary stand between bounds that are multiples of 2⁻⁶² ([`logarithm`]). A boundary counts as reached where
//! that is certain whatever the true values are; this can make a decision later and never makes it wrong. After `n` seeds the bounds are
//! about `n · 2⁻⁶¹` apart, and no sum leaves 128 bits before `n` leaves 64. As the order is that of the seeds and nothing is rounded by
//! circumstance, jobs, shards and machines make no difference.

mod logarithm;
mod standing;
mod trial;

pub use standing::{Standing, Verdict};
pub use trial::Trial;

#[cfg(test)]
mod tests;
