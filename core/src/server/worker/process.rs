//! The loop of a PROCESS worker: messages from the reactors' rings.
//!
//! Runs in: worker.

use super::Worker;
use crate::error::Result;
use crate::event::local;
use crate::event::poller::{Poller, Ready};
use crate::ipc::message::{Kind, PacketHead};
use crate::ipc::{Outgoing, Receiver};
use crate::log;
use crate::server::Request;
use crate::server::conn::side::BELL_TOKEN;
use crate::server::http::pool;
use crate::server::outbox::via_ring::ViaRing;
use crate::server::shared::Shared;
use crate::server::shared::scoreboard::Phase;
use crate::sys::signal;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Acquire;
use std::time::Duration;

/// Messages of one reactor before another has its turn.
const AT_ONCE: usize = 64;
/// Fewer if they take longer than this, so that clients of another reactor, timers and tasks do not wait for 64 slow callbacks.
const TURN: Duration = Duration::from_millis(1);
/// The clock is looked at after so many messages.
const LOOK: usize = 4;

/// Runs a PROCESS worker from its start callback to its stop callback; its exit code.
pub fn run(worker: &Worker) -> Result<i32> {
    let shared = worker.server.shared().clone();
    let outbox = Rc::new(ViaRing::attach(&shared, worker.id));
    worker.server.set_outbox(outbox.clone());
    let mut poller = Poller::new()?;
    let watch = |e| crate::error::Error::system("cannot watch a worker's bell", &e);
    poller.registrar()?.add_readable(&shared.worker_bells[worker.id], BELL_TOKEN).map_err(watch)?;
    local::register_in(&poller.registrar()?, BELL_TOKEN)?;
    let mut lanes: Vec<Receiver> =
        (0..shared.size.reactors).map(|r| Receiver::attach(shared.to_worker(r, worker.id))).collect();
    let mut events: Vec<Ready> = Vec::new();
    let mut bytes = Vec::new();
    let slot = &shared.board.workers[worker.id];
    worker.start();
    loop {
        worker.signals();
        if shared.board.phase() >= Phase::Draining {
            worker.departure.ask();
        }
        if worker.may_leave() && (worker.departure.is_over() || may_leave(&shared, &lanes)) {
            break;
        }
        let mut handled = 0;
        for (r, lane) in lanes.iter_mut().enumerate() {
            handled += handle_batch(worker, &shared, &outbox, r, lane, &mut bytes);
        }
        handled += worker.letters(AT_ONCE, &mut bytes, |_, _| ());
        worker.run_timers();
        worker.check_memory(handled > 0);
        if handled > 0 {
            continue;
        }
        slot.sleeper.announce();
        if lanes.iter().all(Receiver::is_empty) && worker.post.is_empty() && !signal::any() {
            worker.rests();
            // While the server drains, the reactors' last word may come without a ring.
            let leaving = worker.departure.is_leaving().then_some(Duration::from_millis(20));
            let timeout = [leaving, worker.timeout()].into_iter().flatten().min();
            if let Err(e) = poller.wait(timeout, &mut events) {
                log::error(format_args!("worker {}: waiting for events failed: {e}", worker.id));
                std::thread::sleep(Duration::from_millis(10));
            }
            worker.wakes();
        }
        slot.sleeper.awake();
    }
    worker.stop();
    for r in 0..shared.size.reactors {
        shared.wake_reactor(r);
    }
    Ok(worker.departure.exit_code())
}

/// In a reload what is in the rings waits for the successor; when the server ends, there is none. A
/// message that has come in part is awaited in both cases.
fn may_leave(shared: &Shared, lanes: &[Receiver]) -> bool {
    if lanes.iter().any(Receiver::is_amid_message) {
        return false;
    }
    if shared.board.phase() < Phase::Draining {
        return true;
    }
    shared.board.reactors.iter().all(|r| r.quiet.load(Acquire) == 1) && lanes.iter().all(Receiver::is_empty)
}

fn handle_batch(
    worker: &Worker,
    shared: &Arc<Shared>,
    outbox: &ViaRing,
    r: usize,
    lane: &mut Receiver,
    bytes: &mut Vec<u8>,
) -> usize {
    if lane.is_empty() {
        return 0;
    }
    let mut handled = 0;
    while handled < AT_ONCE {
        let draining = shared.board.phase() >= Phase::Draining;
        if worker.departure.is_over() || (!worker.is_serving() && !draining && !lane.is_amid_message()) {
            break;
        }
        let Some((kind, port, session)) = lane.take(bytes) else { break };
        if handled == 0 {
            outbox.begin(r);
            worker.takes_up();
        }
        handled += 1;
        outbox.next(handled == 1 && lane.is_empty());
        handle(worker, outbox, r, kind, port.into(), session, bytes);
        if signal::any() {
            worker.signals();
        }
        if handled % LOOK == 0 && outbox.batch_age() > TURN {
            break;
        }
    }
    outbox.end();
    let lost = lane.take_lost();
    if lost > 0 {
        shared.board.workers[worker.id].lost.add_own(lost);
        log::warning(format_args!(
            "worker {}: {lost} message(s) from reactor {r} were lost: this worker's predecessor died while it was taking them in",
            worker.id
        ));
    }
    if lane.must_wake_sender() {
        shared.reactor_bells[r].ring();
    }
    handled
}

fn handle(worker: &Worker, outbox: &ViaRing, r: usize, kind: Kind, port: usize, session: i64, bytes: &mut Vec<u8>) {
    let ports = worker.server.running_ports();
    let Some(listener) = ports.get(port) else { return };
    let reactor = r as i32;
    let tell = |kind| {
        let message = Outgoing { kind, port: port as u16, session, head: &[], body: &[] };
        if let Err(e) = outbox.push(r, message) {
            log::notice(format_args!("worker {}: {e}", worker.id));
        }
    };
    match kind {
        Kind::Connect => worker.connected(port, session, reactor),
        Kind::Data => {
            let limit = listener.settings.max_queued_bytes;
            if limit > 0 && worker.taken(session, bytes.len(), limit) {
                tell(Kind::Taken);
            }
            worker.received(port, session, reactor, bytes);
        }
        Kind::Request => {
            let bytes = std::mem::replace(bytes, pool::take());
            if let Some(request) = Request::received(session, port, bytes) {
                worker.requested(request);
            }
        }
        Kind::Frame => {
            let Some((head, data)) = bytes.split_first_chunk::<2>() else { return };
            let limit = listener.settings.max_queued_bytes;
            if limit > 0 && worker.taken(session, data.len(), limit) {
                tell(Kind::Taken);
            }
            worker.framed(port, session, *head, data);
        }
        Kind::Close => {
            worker.closed(port, session, reactor, bytes.first().copied().unwrap_or(0));
            tell(Kind::Closed);
        }
        Kind::Packet => {
            if let Some((head, data)) = PacketHead::parse(bytes) {
                worker.packet(port, &head, data);
            }
        }
        Kind::BufferFull => worker.level(port, session, true),
        Kind::BufferEmpty => worker.level(port, session, false),
        _ => {}
    }
}
