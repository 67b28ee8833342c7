//! Which part of a range one process plays: by a flag, or by what a scheduler put into the environment.

use std::fmt;
use std::str::FromStr;

use super::seeds::SeedRange;

/// Part `index` of `count` parts, from 1.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Shard {
    index: u64,
    count: u64,
}

/// Where a shard was read from.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum ShardSource {
    /// The flag.
    Flag,
    /// The environment of this scheduler: its name, the variables.
    Environment(&'static str, &'static str),
}

/// A scheduler that numbers the processes that it starts.
struct Scheduler {
    name: &'static str,
    variables: &'static str,
    /// The number of this process.
    index: &'static str,
    /// How many there are.
    count: &'static str,
    /// The lowest number: a variable that says it, or a constant.
    first: Result<&'static str, u64>,
}

/// In the order in which they are asked: an array of Slurm may run within a job of a continuous integration system.
const SCHEDULERS: [Scheduler; 7] = [
    Scheduler {
        name: "a Slurm array",
        variables: "SLURM_ARRAY_TASK_ID, SLURM_ARRAY_TASK_COUNT, SLURM_ARRAY_TASK_MIN",
        index: "SLURM_ARRAY_TASK_ID",
        count: "SLURM_ARRAY_TASK_COUNT",
        first: Ok("SLURM_ARRAY_TASK_MIN"),
    },
    Scheduler {
        name: "a Kubernetes indexed job",
        variables: "JOB_COMPLETION_INDEX, JOB_COMPLETIONS",
        index: "JOB_COMPLETION_INDEX",
        count: "JOB_COMPLETIONS",
        first: Err(0),
    },
    Scheduler {
        name: "GNU parallel",
        variables: "PARALLEL_SEQ, PARALLEL_TOTAL",
        index: "PARALLEL_SEQ",
        count: "PARALLEL_TOTAL",
        first: Err(1),
    },
    Scheduler {
        name: "GitLab CI",
        variables: "CI_NODE_INDEX, CI_NODE_TOTAL",
        index: "CI_NODE_INDEX",
        count: "CI_NODE_TOTAL",
        first: Err(1),
    },
    Scheduler {
        name: "CircleCI",
        variables: "CIRCLE_NODE_INDEX, CIRCLE_NODE_TOTAL",
        index: "CIRCLE_NODE_INDEX",
        count: "CIRCLE_NODE_TOTAL",
        first: Err(0),
    },
    Scheduler {
        name: "Buildkite",
        variables: "BUILDKITE_PARALLEL_JOB, BUILDKITE_PARALLEL_JOB_COUNT",
        index: "BUILDKITE_PARALLEL_JOB",
        count: "BUILDKITE_PARALLEL_JOB_COUNT",
        first: Err(0),
    },
    Scheduler {
        name: "Azure Pipelines",
        variables: "SYSTEM_JOBPOSITIONINPHASE, SYSTEM_TOTALJOBSINPHASE",
        index: "SYSTEM_JOBPOSITIONINPHASE",
        count: "SYSTEM_TOTALJOBSINPHASE",
        first: Err(1),
    },
];

impl Shard {
    /// Part `index` of `count`, from 1.
    ///
    /// # Errors
    /// If there is no such part.
    pub fn new(index: u64, count: u64) -> Result<Shard, String> {
        if (1..=count).contains(&index) {
            Ok(Shard { index, count })
        } else {
            Err(format!(
                "there is no shard {index} of {count}: they are numbered from 1"
            ))
        }
    }

    /// What a scheduler says about this process, if one of those that are known started it. `variable` looks into the environment.
    ///
    /// # Errors
    /// If a scheduler is there, and what it says makes no sense: which variables.
    pub fn from_environment(
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<(Shard, ShardSource)>, String> {
        for scheduler in &SCHEDULERS {
            // An index alone is no shard: many systems number a job that has no siblings.
            let (Some(index), Some(count)) = (variable(scheduler.index), variable(scheduler.count))
            else {
                continue;
            };
            let wrong = || {
                format!(
                    "{} says {}={index} and {}={count}, which is no shard; --shard I/N overrides it",
                    scheduler.name, scheduler.index, scheduler.count
                )
            };
            let first = match scheduler.first {
                Ok(name) => variable(name).map_or(Ok(1), |text| text.parse()),
                Err(first) => Ok(first),
            };
            let parsed = index
                .parse::<u64>()
                .and_then(|index| Ok((index, count.parse::<u64>()?, first?)));
            let (index, count, first) = parsed.map_err(|_| wrong())?;
            let shard = index
                .checked_sub(first)
                .and_then(|offset| Shard::new(offset + 1, count).ok());
            let source = ShardSource::Environment(scheduler.name, scheduler.variables);
            return Ok(Some((shard.ok_or_else(wrong)?, source)));
        }
        Ok(None)
    }

    /// This shard's part of a range; `None` where there are more shards than seeds.
    pub fn part(self, seeds: SeedRange) -> Option<SeedRange> {
        seeds.part(self.index - 1, self.count)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(index, count)| {
            Some((index.parse::<u64>().ok()?, count.parse::<u64>().ok()?))
        });
        let (index, count) = numbers.ok_or("expected I/N, such as 1/8: part I of N, from 1")?;
        Shard::new(index, count)
    }
}

impl fmt::Display for ShardSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShardSource::Flag => formatter.write_str("--shard"),
            ShardSource::Environment(name, variables) => {
                write!(formatter, "the environment of {name} ({variables})")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Result<Option<String>, String> {
        let look = |name: &str| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let shard = Shard::from_environment(&look)?;
        Ok(shard.map(|(shard, _)| shard.to_string()))
    }

    #[test]
    fn a_shard_is_counted_from_one() {
        assert_eq!(
            "7/7".parse::<Shard>().map(|it| it.to_string()),
            Ok("7/7".to_owned())
        );
        for bad in ["0/7", "8/7", "1", "1/0", "a/b", "/", "1/2/3"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }

    #[test]
    fn schedulers_say_it_each_in_its_own_way() {
        let is = |pairs: &[(&str, &str)], shard: &str| {
            assert_eq!(environment(pairs), Ok(Some(shard.to_owned())), "{pairs:?}");
        };
        is(
            &[
                ("SLURM_ARRAY_TASK_ID", "14"),
                ("SLURM_ARRAY_TASK_COUNT", "8"),
                ("SLURM_ARRAY_TASK_MIN", "10"),
            ],
            "5/8",
        );
        is(
            &[("JOB_COMPLETION_INDEX", "0"), ("JOB_COMPLETIONS", "3")],
            "1/3",
        );
        is(&[("PARALLEL_SEQ", "3"), ("PARALLEL_TOTAL", "3")], "3/3");
        is(&[("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "4")], "1/4");
        is(
            &[("CIRCLE_NODE_INDEX", "1"), ("CIRCLE_NODE_TOTAL", "4")],
            "2/4",
        );
        is(
            &[
                ("BUILDKITE_PARALLEL_JOB", "3"),
                ("BUILDKITE_PARALLEL_JOB_COUNT", "4"),
            ],
            "4/4",
        );
        is(
            &[
                ("SYSTEM_JOBPOSITIONINPHASE", "2"),
                ("SYSTEM_TOTALJOBSINPHASE", "2"),
            ],
            "2/2",
        );
        assert_eq!(environment(&[]), Ok(None));
        assert_eq!(environment(&[("CI_NODE_INDEX", "1")]), Ok(None));
    }

    #[test]
    fn an_environment_that_makes_no_sense_is_told() {
        let problem = environment(&[("CI_NODE_INDEX", "5"), ("CI_NODE_TOTAL", "4")]);
        assert_eq!(
            problem,
            Err("GitLab CI says CI_NODE_INDEX=5 and CI_NODE_TOTAL=4, which is no shard; --shard I/N overrides it".to_owned())
        );
        assert!(
            environment(&[
                ("SLURM_ARRAY_TASK_ID", "1"),
                ("SLURM_ARRAY_TASK_COUNT", "2"),
                ("SLURM_ARRAY_TASK_MIN", "4")
            ])
            .is_err()
        );
        assert!(environment(&[("JOB_COMPLETION_INDEX", "x"), ("JOB_COMPLETIONS", "2")]).is_err());
    }
}
