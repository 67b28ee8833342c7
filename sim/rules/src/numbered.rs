//! Things by number: found fast where the same one is asked for again and again, as one observation does.

use pptp_wire::ahead::{Beginning, lines_of};
use std::collections::BTreeMap;

/// A table of things by number.
#[derive(Clone, Debug)]
pub(crate) struct Numbered<T> {
    /// By number, for numbers below [`NEAR`]: the place in `things`, or [`NOWHERE`].
    near: Vec<u32>,
    /// The same for numbers from there on.
    far: BTreeMap<u32, u32>,
    things: Vec<Slot<T>>,
    free: Vec<u32>,
    /// The number that was asked for last, and its place.
    last: Option<(u32, u32)>,
}

/// A place in the table.
#[derive(Clone, Debug)]
#[repr(C)]
struct Slot<T> {
    beginning: Beginning,
    /// `None`: free.
    thing: Option<T>,
}

impl<T> Slot<T> {
    const FREE: Self = Self {
        beginning: Beginning::NEW,
        thing: None,
    };
}

/// Feeders count from 0 or 1: numbers are small, unless somebody means ill.
const NEAR: u32 = 1 << 20;
const NOWHERE: u32 = u32::MAX;

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self {
            near: Vec::new(),
            far: BTreeMap::new(),
            things: Vec::new(),
            free: Vec::new(),
            last: None,
        }
    }
}

impl<T> Numbered<T> {
    /// Remembers where this number is, as it will be asked for again. Whether it is there.
    #[inline]
    pub(crate) fn hold(&mut self, number: u32) -> bool {
        if self.last.is_none_or(|last| last.0 != number) {
            let Some(place) = self.place(number) else {
                return false;
            };
            self.last = Some((number, place));
        }
        true
    }

    #[inline]
    fn place(&self, number: u32) -> Option<u32> {
        if number < NEAR {
            let place = self.near.get(number as usize).copied();
            place.filter(|&place| place != NOWHERE)
        } else {
            self.far.get(&number).copied()
        }
    }

    /// Asks for the memory of what has this number.
    #[inline]
    pub(crate) fn look_ahead(&self, number: u32) {
        let place = self.place(number);
        if let Some(slot) = place.and_then(|place| self.things.get(place as usize)) {
            slot.beginning.ask_for(lines_of::<Slot<T>>());
        }
    }

    /// What has this number.
    #[inline]
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        let place = match self.last {
            Some((last, place)) if last == number => place,
            _ => self.place(number)?,
        };
        self.things.get(place as usize)?.thing.as_ref()
    }

    /// What has this number.
    #[inline]
    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        if !self.hold(number) {
            return None;
        }
        let (_, place) = self.last?;
        self.things.get_mut(place as usize)?.thing.as_mut()
    }

    /// What has this number; `new` if nothing has.
    #[inline]
    pub(crate) fn get_or_insert_with(&mut self, number: u32, new: impl FnOnce() -> T) -> &mut T {
        if !self.hold(number) {
            self.insert(number, new());
        }
        let place = self.last.map_or(0, |last| last.1);
        self.things[place as usize]
            .thing
            .as_mut()
            .expect("a place that a number has is taken")
    }

    /// Adds a thing, in place of one with the same number.
    pub(crate) fn insert(&mut self, number: u32, thing: T) {
        self.remove(number);
        let place = self.free.pop().unwrap_or_else(|| {
            self.things.push(Slot::FREE);
            (self.things.len() - 1) as u32
        });
        self.things[place as usize].thing = Some(thing);
        if number < NEAR {
            let index = number as usize;
            if index >= self.near.len() {
                self.near.resize(index + 1, NOWHERE);
            }
            self.near[index] = place;
        } else {
            self.far.insert(number, place);
        }
        self.last = Some((number, place));
    }

    /// Takes out what has this number.
    pub(crate) fn remove(&mut self, number: u32) -> Option<T> {
        let place = self.place(number)?;
        match self.near.get_mut(number as usize) {
            Some(near) => *near = NOWHERE,
            None => {
                self.far.remove(&number);
            }
        }
        self.last = None;
        self.free.push(place);
        self.things[place as usize].thing.take()
    }

    /// All things in the order of their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        let near = (0_u32..).zip(self.near.iter().copied());
        let far = self.far.iter().map(|(&number, &place)| (number, place));
        near.chain(far).filter_map(|(number, place)| {
            Some((number, self.things.get(place as usize)?.thing.as_ref()?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_a_map(steps in prop::collection::vec((0_u8..5, 0_u32..8), 0..200)) {
            let mut table = Numbered::default();
            let mut model = BTreeMap::new();
            // Half of them are near, and half are far.
            let number_of = |number: u32| if number < 4 { number } else { NEAR - 4 + number };
            for (step, (action, number)) in steps.into_iter().enumerate() {
                let number = number_of(number);
                match action {
                    0 => prop_assert_eq!(table.remove(number), model.remove(&number)),
                    1 => {
                        table.insert(number, step);
                        model.insert(number, step);
                    }
                    2 => prop_assert_eq!(
                        *table.get_or_insert_with(number, || step),
                        *model.entry(number).or_insert(step)
                    ),
                    3 => prop_assert_eq!(table.get_mut(number), model.get_mut(&number)),
                    _ => prop_assert_eq!(table.hold(number), model.contains_key(&number)),
                }
                for number in (0..8).map(number_of) {
                    prop_assert_eq!(table.get(number), model.get(&number));
                }
                let all: Vec<(u32, usize)> = table.iter().map(|(number, thing)| (number, *thing)).collect();
                prop_assert_eq!(all, model.iter().map(|(&number, &thing)| (number, thing)).collect::<Vec<_>>());
            }
        }
    }
}
