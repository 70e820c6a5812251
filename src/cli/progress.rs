//! Progress on a terminal, for runs long enough to wonder.
//!
//! The only module that names the crate. Knows the steps of a run, not what they do.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::analysis::Progress as Step;

/// A run that ends sooner draws nothing.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often the time that has passed is drawn anew.
const TICK: Duration = Duration::from_millis(120);
/// Every so many files are told: the threads that read them would wait for each other otherwise.
const STRIDE: usize = 64;

/// A line on stderr that goes away when this is dropped.
pub(super) struct Progress {
    bar: ProgressBar,
    /// Dropped, it ends the thread that waits to show the line.
    done: Option<mpsc::Sender<()>>,
    waiting: Option<JoinHandle<()>>,
}

impl Progress {
    /// Progress of a run that starts now; none where nobody would see it.
    pub(super) fn start(shown: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if !shown {
            return Self { bar, done: None, waiting: None };
        }
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.set_message("walking the tree");
        let (done, until) = mpsc::channel::<()>();
        let later = bar.clone();
        let waiting = thread::spawn(move || {
            if until.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                later.set_draw_target(ProgressDrawTarget::stderr());
                later.enable_steady_tick(TICK);
            }
        });
        Self { bar, done: Some(done), waiting: Some(waiting) }
    }

    /// Says what was reached.
    pub(super) fn report(&self, step: Step) {
        let skipped = matches!(step, Step::Extracted(count, total) if count < total && count % STRIDE != 0);
        if self.waiting.is_none() || skipped {
            return;
        }
        self.bar.set_message(match step {
            Step::Extracted(count, total) if count < total => format!("reading files {count}/{total}"),
            Step::Extracted(..) => "linking".to_owned(),
            Step::Linked => "checking".to_owned(),
            Step::Checked(count, total) => format!("checking rules {count}/{total}"),
        });
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(waiting) = self.waiting.take() {
            // It waits for nothing else, and a panic of its own would be shown all the same.
            let _ = waiting.join();
            self.bar.finish_and_clear();
        }
    }
}
