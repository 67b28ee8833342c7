use super::*;
use pptp_world::fuzzing;

#[test]
fn every_plan_runs() {
    for seed in 0..300 {
        fuzzing::run(&plan_of(seed));
    }
}
