//! Progress of long work, on a terminal and nowhere else.

use std::io::{self, Read};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Fewer runs than this are over before a bar is of use.
const WORTH_IT: usize = 20;
/// Fewer octets than this are read before a bar is of use.
const WORTH_READING: u64 = 16 << 20;

/// A bar on standard error, or nothing.
pub struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// A bar for so many runs, if `shown` and if there are enough of them.
    pub fn new(runs: usize, shown: bool) -> Progress {
        if !shown || runs < WORTH_IT {
            return Progress { bar: None };
        }
        let bar = ProgressBar::with_draw_target(Some(runs as u64), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        Progress { bar: Some(bar) }
    }

    /// A bar for so many runs that also tells how many a second, and how long the rest will take.
    pub fn with_rate(runs: u64, shown: bool) -> Progress {
        let progress = Progress::new(usize::try_from(runs).unwrap_or(usize::MAX), shown);
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta} left {msg}");
        if let (Some(bar), Ok(style)) = (&progress.bar, style) {
            bar.set_style(style);
        }
        progress
    }

    /// So many runs were done before.
    pub fn begin_at(&self, runs: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(runs);
            bar.reset_eta();
        }
    }

    /// One more run is done; `name` is what it belongs to.
    pub fn advance(&self, name: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(name.to_owned());
            bar.inc(1);
        }
    }

    /// Prints something without spoiling the bar.
    pub fn around<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A reader that shows how far it has come, once that takes a while.
pub struct Reading<R> {
    inner: R,
    total: Option<u64>,
    read: u64,
    shown: bool,
    bar: Option<ProgressBar>,
}

impl<R: Read> Reading<R> {
    /// Reads `inner`, of which `total` octets are expected where that is known; a bar is shown if `shown` and if there is much to read.
    pub fn new(inner: R, total: Option<u64>, shown: bool) -> Self {
        Reading {
            inner,
            total,
            read: 0,
            shown: shown && total.is_none_or(|total| total >= WORTH_READING),
            bar: None,
        }
    }

    fn show(&mut self) {
        let is_due = self.total.is_some() || self.read >= WORTH_READING;
        if !self.shown || !is_due {
            return;
        }
        let total = self.total;
        let bar = self.bar.get_or_insert_with(|| {
            let target = ProgressDrawTarget::stderr();
            let (bar, template) = match total {
                Some(_) => (
                    ProgressBar::with_draw_target(total, target),
                    "{bar:40} {bytes}/{total_bytes} {eta}",
                ),
                None => (
                    ProgressBar::with_draw_target(None, target),
                    "{spinner} {bytes} read",
                ),
            };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar
        });
        bar.set_position(self.read);
    }
}

impl<R: Read> Read for Reading<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read += count as u64;
        self.show();
        Ok(count)
    }
}

impl<R> Drop for Reading<R> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the bar stands, if there is one, when all of so many octets were read.
    fn position(octets: u64, total: Option<u64>, shown: bool) -> Option<u64> {
        let mut reading = Reading::new(io::repeat(7).take(octets), total, shown);
        io::copy(&mut reading, &mut io::sink()).expect("no input that fails");
        reading.bar.as_ref().map(ProgressBar::position)
    }

    #[test]
    fn much_to_read_is_shown_and_little_is_not() {
        let (little, much) = (WORTH_READING - 1, WORTH_READING);
        assert_eq!(position(much, Some(much), true), Some(much));
        assert_eq!(position(much, None, true), Some(much));
        assert_eq!(position(little, Some(little), true), None);
        assert_eq!(position(little, None, true), None);
    }

    #[test]
    fn nothing_is_shown_but_on_a_terminal() {
        assert_eq!(position(WORTH_READING, Some(WORTH_READING), false), None);
        assert_eq!(position(WORTH_READING, None, false), None);
    }
}
