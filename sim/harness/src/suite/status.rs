//! Exit statuses, and which wins where several apply.

/// The status that the command ends with.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub enum Status {
    /// No failure.
    #[default]
    Success,
    /// A conformance failure, or a finding graded fail.
    Failure,
    /// The usage or the input is wrong.
    Usage,
    /// The harness itself went wrong.
    Internal,
    /// A limit was exceeded.
    Limit,
}

impl Status {
    /// The number that the operating system gets.
    pub const fn code(self) -> u8 {
        match self {
            Status::Success => 0,
            Status::Failure => 1,
            Status::Usage => 2,
            Status::Internal => 3,
            Status::Limit => 4,
        }
    }

    /// The one that wins: 3, then 2, 1, 4, 0.
    #[must_use]
    pub fn and(self, other: Status) -> Status {
        let weight = |status: Status| match status {
            Status::Success => 0,
            Status::Limit => 1,
            Status::Failure => 2,
            Status::Usage => 3,
            Status::Internal => 4,
        };
        if weight(other) > weight(self) {
            other
        } else {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_wins_over_two_over_one_over_four() {
        let all = [
            Status::Success,
            Status::Limit,
            Status::Failure,
            Status::Usage,
            Status::Internal,
        ];
        for (position, low) in all.iter().enumerate() {
            for high in &all[position..] {
                assert_eq!(low.and(*high), *high);
                assert_eq!(high.and(*low), *high);
            }
        }
        assert_eq!(all.map(Status::code), [0, 4, 1, 2, 3]);
    }
}
