//! Row 2: whole sessions, from the opening segment to the last close.

use crate::stage::{add_pair, address, clean, is, new_world, open_control, place_call, run_until};
use pptp_proto::Profile;
use pptp_wire::StopReason;
use pptp_wire::time::Duration;
use pptp_world::{Command, Query, RecordKind, Traffic, Value, World};

/// So many sessions one after the other: start, call, ten packets each way, clear, stop. Gives how many went to their end without
/// a complaint.
pub fn run(sessions: u32) -> u64 {
    let mut world = new_world();
    let (pns, pac) = add_pair(&mut world, 0, &clean(), &Profile::RFC);
    let mut records = Vec::new();
    let mut whole = 0;
    for _ in 0..sessions {
        open_control(&mut world, pns, address(0, 1));
        let (call, there) = place_call(&mut world, pns, pac);
        let traffic = Traffic {
            packets: 10,
            bytes: 100,
            every: Some(Duration::from_millis(1)),
        };
        for (node, call) in [(pns, call), (pac, there)] {
            world
                .start_traffic(node, call, traffic)
                .expect("an established call");
        }
        run_until(&mut world, |world| world.is_data_idle(Some((pns, call))));
        world
            .command(pns, &Command::ClearCall { call })
            .expect("a call");
        run_until(&mut world, |world| {
            is(world, pns, Query::CallState(call), "idle")
        });
        let stop = Command::CloseControl {
            connection: None,
            reason: StopReason::NONE,
        };
        world.command(pns, &stop).expect("a connection");
        run_until(&mut world, World::only_keep_alive_left);
        world.take_records(&mut records);
        let mut delivered = 0;
        for record in records.drain(..) {
            match record.kind {
                RecordKind::Data {
                    counter: Some(_), ..
                } => delivered += 1,
                RecordKind::Finding(_)
                | RecordKind::ModelViolation(_)
                | RecordKind::Violation { .. } => delivered = 1_000,
                _ => {}
            }
        }
        let over = world.query(pac, &Query::Connections) == Some(Value::Number(0));
        whole += u64::from(delivered == 20 && over);
    }
    whole
}
