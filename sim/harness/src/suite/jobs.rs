//! Several jobs at a time, whose results come in the order of the jobs: nothing that is printed depends on their number.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The stack of a worker, in octets: a deeply nested scenario is worked on by recursion.
const STACK: usize = 32 << 20;
/// How far a worker may be ahead of the result that is to be handed on next, in jobs a worker.
const AHEAD: usize = 8;

struct State<T> {
    next: usize,
    handed_on: usize,
    stopped: bool,
    done: BTreeMap<usize, T>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, guard: MutexGuard<'a, State<T>>) -> MutexGuard<'a, State<T>> {
        self.changed
            .wait(guard)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Works on the jobs 0 to `count` - 1 with `workers` threads, and hands each result to `take` in this thread, in order, until
/// that breaks off. `work` must not panic: the job of a panic would be waited for in vain.
pub fn in_order<T: Send>(
    workers: usize,
    count: usize,
    work: &(dyn Fn(usize) -> T + Sync),
    take: &mut dyn FnMut(usize, T) -> ControlFlow<()>,
) {
    let workers = workers.clamp(1, count.max(1));
    let shared = Shared {
        state: Mutex::new(State {
            next: 0,
            handed_on: 0,
            stopped: false,
            done: BTreeMap::new(),
        }),
        changed: Condvar::new(),
    };
    std::thread::scope(|scope| {
        let _stop = StopWhenDropped(&shared);
        let mut started = 0;
        for _ in 0..workers {
            let worker = std::thread::Builder::new().stack_size(STACK);
            let handle = worker.spawn_scoped(scope, || run_worker(&shared, workers, count, work));
            started += usize::from(handle.is_ok());
        }
        for position in 0..count {
            let result = if started == 0 {
                // The system gives no threads at all.
                work(position)
            } else {
                let mut state = shared.lock();
                loop {
                    match state.done.remove(&position) {
                        Some(result) => break result,
                        None => state = shared.wait(state),
                    }
                }
            };
            let flow = take(position, result);
            let mut state = shared.lock();
            state.handed_on = position + 1;
            state.stopped |= flow.is_break();
            shared.changed.notify_all();
            if state.stopped {
                return;
            }
        }
    });
}

/// Ends the workers, also where `take` panics: nobody would hand their results on any more.
struct StopWhenDropped<'a, T>(&'a Shared<T>);

impl<T> Drop for StopWhenDropped<'_, T> {
    fn drop(&mut self) {
        self.0.lock().stopped = true;
        self.0.changed.notify_all();
    }
}

fn run_worker<T: Send>(
    shared: &Shared<T>,
    workers: usize,
    count: usize,
    work: &(dyn Fn(usize) -> T + Sync),
) {
    loop {
        let mut state = shared.lock();
        while !state.stopped
            && state.next < count
            && state.next >= state.handed_on.saturating_add(workers * AHEAD)
        {
            state = shared.wait(state);
        }
        if state.stopped || state.next >= count {
            return;
        }
        let position = state.next;
        state.next += 1;
        drop(state);
        let result = work(position);
        shared.lock().done.insert(position, result);
        shared.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(workers: usize, count: usize, until: usize) -> Vec<usize> {
        let mut taken = Vec::new();
        in_order(
            workers,
            count,
            &|position| position * position,
            &mut |position, result| {
                assert_eq!(result, position * position);
                taken.push(result);
                if position == until {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            },
        );
        taken
    }

    #[test]
    fn results_come_in_order_whatever_the_number_of_workers() {
        let expected: Vec<usize> = (0..1000).map(|position| position * position).collect();
        for workers in [1, 2, 7, 64] {
            assert_eq!(squares(workers, 1000, usize::MAX), expected);
        }
        assert_eq!(squares(4, 0, 0), Vec::<usize>::new());
    }

    #[test]
    fn breaking_off_ends_the_work() {
        assert_eq!(squares(3, 100_000, 2), [0, 1, 4]);
    }
}
