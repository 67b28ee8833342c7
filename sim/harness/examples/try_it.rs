//! scratch
use pptp_harness::run::*;
use pptp_harness::scenario;
fn main() {
    for path in std::env::args().skip(1) {
        let families = match scenario::lint(std::path::Path::new(&path)) {
            Ok(f) => f,
            Err(d) => {
                println!("{}", scenario::diagnostic::render_all(&d, false));
                continue;
            }
        };
        for f in families {
            for index in 0..f.cases.min(6) {
                let s = f.file.case(index).unwrap();
                let options = RunOptions::default();
                let mut world = event_world(&s, s.seed, &Default::default(), None, false).unwrap();
                let report = play(&s, &f.file.sources, &options, &mut world, "event", None);
                print!("{}", report.transcript);
                if let Some(failure) = &report.failure {
                    println!("{}", failure.text(&pptp_harness::register::clause));
                }
                for (r, e) in &report.requirements {
                    println!("  {} {:?} {}", r.id(), e.grade, e.text);
                }
                for p in &report.problems {
                    println!("  problem {p}");
                }
                println!(
                    "covers0: {:?}",
                    report
                        .preconditions
                        .iter()
                        .filter(|(_, n)| **n == 0)
                        .map(|(r, _)| r.id())
                        .collect::<Vec<_>>()
                );
            }
        }
    }
}
