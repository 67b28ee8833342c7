use super::*;

/// The words of a cause are those of the endpoint.
#[test]
fn causes_keep_their_words() {
    let span = Duration::from_secs(60);
    let messages = (1..=15).map(|number| DeadlineReason::Awaited {
        message: ControlMessageType(number),
        within: span,
    });
    let awaited = [2, 4, 8, 10, 11, 13].map(|number| ControlMessageType(number).name());
    let reasons = [
        DeadlineReason::AcknowledgmentDelay(Duration::from_millis(100)),
        DeadlineReason::TimeOut { of: 4 },
        DeadlineReason::ReorderTimeOut(span),
        DeadlineReason::TcpOpen(span),
        DeadlineReason::Idle(span),
        DeadlineReason::EchoReply(span),
        DeadlineReason::ClosesAfter(span),
        DeadlineReason::AfterLastCall(span),
        DeadlineReason::Telephone,
        DeadlineReason::HangsUp(span),
        DeadlineReason::DialTimeOut(span),
        DeadlineReason::WanErrorInterval(span),
    ];
    for reason in reasons {
        assert_eq!(outer_reason(reason).to_string(), reason.to_string());
    }
    for reason in messages {
        let words = reason.to_string();
        let known = awaited.iter().flatten().any(|name| words.ends_with(name));
        let same = outer_reason(reason).to_string() == words;
        assert!(same || !known, "{words}");
    }
    let causes = [
        proto::Cause::Answer,
        proto::Cause::CollisionLost,
        proto::Cause::CollisionUndecided,
        proto::Cause::ConnectionExists,
        proto::Cause::Malformed,
        proto::Cause::LastCallEnded,
    ];
    for cause in causes {
        assert_eq!(outer_cause(cause).to_string(), cause.to_string());
    }
}
