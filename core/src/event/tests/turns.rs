//! Turns of the loop do what a naive model of them does: random programs of timers, deferred calls, cycles and descriptors, whose
//! callbacks change all of these in turn.

use crate::event::local::{self, TimerFn};
use crate::event::{self, Flow, Interest, TimerId, WatchFn, clock, watch};
use crate::sys::fd;
use proptest::collection::vec;
use proptest::prelude::*;
use socket2::SockRef;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::rc::Rc;
use std::time::Duration;

/// What a program or one of its callbacks does.
#[derive(Debug, Clone, Copy)]
enum Op {
    After {
        ms: u64,
    },
    Tick {
        ms: u64,
    },
    /// one of those that are set, or one that is not
    Clear(usize),
    Defer,
    Cycle {
        before: bool,
        on: bool,
    },
    Add(usize, Wants),
    Set(usize, Wants),
    Del(usize),
    /// bytes come for our end
    Feed(usize, u8),
    /// our end reads some
    Read(usize, u8),
    /// our end writes until no more is taken
    Fill(usize),
    /// the other end reads all there is
    Drain(usize),
    /// the other end is closed
    Close(usize),
    /// this callback ends the turn
    Leave,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wants {
    read: bool,
    write: bool,
}

/// Two socket pairs, the reading end of a pipe, the writing end of another.
const PAIRS: usize = 4;
const READER: usize = 2;
const WRITER: usize = 3;
/// So many of a kind at most, since callbacks set new ones.
const MOST: usize = 20;

fn op() -> impl Strategy<Value = Op> {
    let pair = || 0..PAIRS;
    let wants = || prop_oneof![Just((true, false)), Just((false, true)), Just((true, true))];
    let wants = move || {
        (pair(), wants()).prop_map(|(pair, (read, write))| match pair {
            READER => (pair, Wants { read: true, write: false }),
            WRITER => (pair, Wants { read: false, write: true }),
            _ => (pair, Wants { read, write }),
        })
    };
    prop_oneof![
        3 => prop_oneof![3 => 1..3u64, 1 => Just(3_600_000)].prop_map(|ms| Op::After { ms }),
        1 => (1..3u64).prop_map(|ms| Op::Tick { ms }),
        2 => any::<usize>().prop_map(Op::Clear),
        2 => Just(Op::Defer),
        1 => any::<(bool, bool)>().prop_map(|(before, on)| Op::Cycle { before, on }),
        4 => wants().prop_map(|(pair, wants)| Op::Add(pair, wants)),
        2 => wants().prop_map(|(pair, wants)| Op::Set(pair, wants)),
        2 => pair().prop_map(Op::Del),
        4 => (pair(), 1..5u8).prop_map(|(pair, n)| Op::Feed(pair, n)),
        4 => (pair(), 1..5u8).prop_map(|(pair, n)| Op::Read(pair, n)),
        1 => pair().prop_map(Op::Fill),
        1 => pair().prop_map(Op::Drain),
        1 => prop_oneof![4 => Just(Op::Defer), 1 => pair().prop_map(Op::Close)],
        1 => Just(Op::Leave),
    ]
}

/// Where a turn is. They come in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Phase {
    #[default]
    Before,
    Timers,
    Ready,
    Deferred,
    After,
}

/// What the model says of a call in the present turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    Never,
    /// once at most: the descriptor was changed after the loop had looked at it
    Perhaps,
    Once,
}

struct Pair {
    is_pipe: bool,
    ours: File,
    theirs: Option<File>,
    /// bytes to be read at our end
    there: usize,
    /// our end takes no more
    full: bool,
    watched: Option<Wants>,
    /// in this turn
    read: Call,
    write: Call,
    /// a turn ended before it was called: it may be called in the next, whatever has become of it
    left: bool,
}

impl Pair {
    fn new(number: usize) -> Pair {
        let (ours, theirs): (OwnedFd, OwnedFd) = if number < READER {
            let (ours, theirs) = UnixStream::pair().unwrap();
            (ours.into(), theirs.into())
        } else {
            let (reader, writer) = std::io::pipe().unwrap();
            if number == READER { (reader.into(), writer.into()) } else { (writer.into(), reader.into()) }
        };
        fd::set_blocking(ours.as_raw_fd(), false);
        fd::set_blocking(theirs.as_raw_fd(), false);
        let (ours, theirs) = (File::from(ours), Some(File::from(theirs)));
        let is_pipe = number >= READER;
        Pair {
            is_pipe,
            ours,
            theirs,
            there: 0,
            full: false,
            watched: None,
            read: Call::Never,
            write: Call::Never,
            left: false,
        }
    }

    fn fd(&self) -> RawFd {
        self.ours.as_raw_fd()
    }

    fn wants(&self) -> Wants {
        self.watched.unwrap_or(Wants { read: false, write: false })
    }

    /// Whether it is called for what it waits for: for reading, for writing.
    fn calls(&self) -> (Call, Call) {
        let end = match (&self.theirs, self.is_pipe) {
            (Some(_), _) => Call::Never,
            // A process that another test has just forked may have a copy of the other end, and keep it open for a while.
            (None, true) => Call::Perhaps,
            (None, false) => Call::Once,
        };
        let call = |wanted, ready| match (wanted, ready) {
            (false, _) => Call::Never,
            (true, true) => Call::Once,
            (true, false) => end,
        };
        (call(self.wants().read, self.there > 0), call(self.wants().write, !self.full))
    }

    /// What a turn that looks now calls.
    fn expect(&mut self) {
        let otherwise = if self.left { Call::Perhaps } else { Call::Never };
        let (read, write) = self.calls();
        (self.read, self.write) = (read.max(otherwise), write.max(otherwise));
    }

    /// It was changed, perhaps after the loop had looked at it: what is not ready any more may be called none the less, or not.
    fn touch(&mut self) {
        let perhaps = |call, now| if call == Call::Once && now != Call::Once { Call::Perhaps } else { call };
        let (read, write) = self.calls();
        (self.read, self.write) = (perhaps(self.read, read), perhaps(self.write, write));
    }
}

struct Timer {
    /// the least and the most that it can be due
    at: (u64, u64),
    period: u64,
    /// the turn in which it was set, after the loop had looked, or fired last
    turn: usize,
}

/// The program, and what a naive loop would do with it.
struct World {
    scripts: Vec<Vec<Op>>,
    next_script: usize,
    pairs: Vec<Pair>,
    timers: BTreeMap<TimerId, Timer>,
    deferred: VecDeque<usize>,
    given: usize,
    /// deferred calls below this one come in this turn
    to_come: usize,
    before: bool,
    after: bool,
    /// which of the two were called in this turn
    cycled: (bool, bool),
    turn: usize,
    /// when this turn began
    begun: u64,
    phase: Phase,
    /// what the last timer of this turn was due at, at most
    last_due: u64,
    leaving: bool,
    wrong: Option<String>,
}

type Shared = Rc<RefCell<World>>;

impl World {
    fn wrong(&mut self, what: String) {
        let (turn, phase) = (self.turn, self.phase);
        self.wrong.get_or_insert_with(|| format!("turn {turn}, {phase:?}: {what}"));
    }

    fn enter(&mut self, phase: Phase) {
        if phase < self.phase || self.leaving {
            let leaving = self.leaving;
            self.wrong(format!("a callback of {phase:?} came (a callback has ended the turn: {leaving})"));
        }
        self.phase = phase;
    }

    fn script(&mut self) -> Vec<Op> {
        self.next_script += 1;
        self.scripts[self.next_script % self.scripts.len()].clone()
    }

    fn fired(&mut self, id: TimerId) {
        self.enter(Phase::Timers);
        let now = clock::now_micros();
        let (turn, begun, last) = (self.turn, self.begun, self.last_due);
        let Some(timer) = self.timers.get_mut(&id) else { return self.wrong(format!("timer {id} is not set")) };
        let (at, fired) = (timer.at, timer.turn);
        // A tick's next time is the first that is not over when its turn looks.
        (timer.at, timer.turn) = ((begun, now + timer.period), turn);
        if timer.period == 0 {
            self.timers.remove(&id);
        }
        if at.0 > now {
            self.wrong(format!("timer {id} came {} µs early", at.0 - now));
        }
        if at.1 < last {
            self.wrong(format!("timer {id} came after one that was due later"));
        }
        if fired == turn {
            self.wrong(format!("timer {id} came in the turn in which it was set, or twice"));
        }
        self.last_due = last.max(at.0);
    }

    fn ready(&mut self, pair: usize, write: bool) {
        self.enter(Phase::Ready);
        let known = &mut self.pairs[pair];
        let wanted = known.watched.is_some_and(|wants| if write { wants.write } else { wants.read });
        let call = if write { &mut known.write } else { &mut known.read };
        if *call == Call::Never || !wanted {
            let (there, full) = (known.there, known.full);
            return self
                .wrong(format!("pair {pair} was called (write: {write}) with {there} bytes there, full: {full}"));
        }
        *call = Call::Never;
    }

    fn deferred(&mut self, tag: usize) {
        self.enter(Phase::Deferred);
        if tag >= self.to_come || self.deferred.pop_front() != Some(tag) {
            self.wrong(format!("deferred call {tag} came, {} were to come", self.to_come));
        }
    }
}

/// A callback: tells the model, then does what its script says, with nothing borrowed.
fn callback(world: &Shared, tell: impl Fn(&mut World) + 'static) -> impl Fn() -> Flow + 'static {
    let (world, script) = (world.clone(), world.borrow_mut().script());
    move || {
        tell(&mut world.borrow_mut());
        let mut flow = Flow::Continue;
        let before_look = world.borrow().phase == Phase::Before;
        for op in &script {
            if matches!(op, Op::Leave) {
                world.borrow_mut().leaving = true;
                flow = Flow::Leave { code: 7 };
                break;
            }
            run(&world, *op);
        }
        if before_look {
            world.borrow_mut().pairs.iter_mut().for_each(Pair::expect);
        }
        flow
    }
}

fn watcher(world: &Shared, pair: usize, write: bool) -> Option<WatchFn> {
    let call = callback(world, move |w| w.ready(pair, write));
    Some(Rc::new(move |_| call()))
}

fn run(world: &Shared, op: Op) {
    let interest = |wants: Wants| match (wants.read, wants.write) {
        (true, true) => Interest::READABLE | Interest::WRITABLE,
        (false, _) => Interest::WRITABLE,
        _ => Interest::READABLE,
    };
    match op {
        Op::After { ms } => set_timer(world, ms, 0),
        Op::Tick { ms } => set_timer(world, ms, ms),
        Op::Clear(which) => {
            let (id, known) = {
                let mut w = world.borrow_mut();
                let id = w.timers.keys().nth(which % (w.timers.len() + 1)).copied().unwrap_or(1 << 40);
                (id, w.timers.remove(&id).is_some())
            };
            if event::clear(id) != known {
                world.borrow_mut().wrong(format!("clear of timer {id} did not return {known}"));
            }
        }
        Op::Defer => {
            if world.borrow().deferred.len() < MOST {
                let tag = world.borrow().given;
                let call = callback(world, move |w| w.deferred(tag));
                {
                    let mut w = world.borrow_mut();
                    w.given += 1;
                    w.deferred.push_back(tag);
                    if w.phase < Phase::Deferred {
                        w.to_come = w.given;
                    }
                }
                event::defer(Box::new(call)).unwrap();
            }
        }
        Op::Cycle { before, on } => {
            let phase = if before { Phase::Before } else { Phase::After };
            let call = callback(world, move |w| {
                let set = if before { w.before } else { w.after };
                w.enter(phase);
                *(if before { &mut w.cycled.0 } else { &mut w.cycled.1 }) = true;
                if !set {
                    w.wrong(format!("a cycle of {phase:?} came that was taken away"));
                }
            });
            let mut w = world.borrow_mut();
            *(if before { &mut w.before } else { &mut w.after }) = on;
            drop(w);
            event::cycle(on.then(|| Rc::new(call) as _), before);
        }
        Op::Add(pair, wants) => {
            let fd = world.borrow().pairs[pair].fd();
            let (read, write) = (watcher(world, pair, false), watcher(world, pair, true));
            let added = watch::add(fd, read, write, interest(wants)).is_ok();
            let mut w = world.borrow_mut();
            let known = &mut w.pairs[pair];
            if added == known.watched.is_some() {
                return w.wrong(format!("add of pair {pair}: {added}"));
            }
            known.watched.get_or_insert(wants);
        }
        Op::Set(pair, wants) => {
            let fd = world.borrow().pairs[pair].fd();
            let set = watch::set(fd, None, None, Some(interest(wants))).is_ok();
            let mut w = world.borrow_mut();
            let known = &mut w.pairs[pair];
            if set != known.watched.is_some() {
                return w.wrong(format!("set of pair {pair}: {set}"));
            }
            if set {
                known.watched = Some(wants);
                known.touch();
                if known.theirs.is_none() {
                    // An end is told whatever was waited for.
                    (known.read, known.write) = (known.read.max(Call::Perhaps), known.write.max(Call::Perhaps));
                }
            }
        }
        Op::Del(pair) => {
            let fd = world.borrow().pairs[pair].fd();
            let gone = watch::del(fd).is_ok();
            let mut w = world.borrow_mut();
            let known = &mut w.pairs[pair];
            if gone != known.watched.take().is_some() {
                return w.wrong(format!("del of pair {pair}: {gone}"));
            }
            (known.read, known.write, known.left) = (Call::Never, Call::Never, false);
        }
        Op::Feed(..) | Op::Read(..) | Op::Fill(_) | Op::Drain(_) | Op::Close(_) => move_bytes(world, op),
        Op::Leave => {}
    }
}

fn set_timer(world: &Shared, ms: u64, period: u64) {
    if world.borrow().timers.len() >= MOST {
        return;
    }
    let shared = world.clone();
    let call = callback(world, |_| ());
    let fired: TimerFn = Rc::new(move |id| {
        shared.borrow_mut().fired(id);
        call()
    });
    let (delay, before) = (Duration::from_millis(ms), clock::now_micros());
    let id = if period > 0 { event::tick(delay, fired) } else { event::after(delay, fired) }.unwrap();
    let at = (before + ms * 1000, clock::now_micros() + 1 + ms * 1000);
    let mut w = world.borrow_mut();
    // Set before the loop looks it may come in the same turn.
    let turn = if w.phase == Phase::Before { 0 } else { w.turn };
    w.timers.insert(id, Timer { at, period: period * 1000, turn });
}

fn move_bytes(world: &Shared, op: Op) {
    let w = &mut *world.borrow_mut();
    match op {
        Op::Feed(pair, n) if pair != WRITER => {
            let pair = &mut w.pairs[pair];
            let fed = pair.theirs.as_mut().map_or(0, |theirs| theirs.write(&[1; 5][..n.into()]).unwrap_or(0));
            pair.there += fed;
            pair.touch();
        }
        Op::Read(pair, n) if pair != WRITER => {
            let pair = &mut w.pairs[pair];
            pair.there -= pair.ours.read(&mut [0; 5][..n.into()]).unwrap_or(0);
            pair.touch();
        }
        Op::Fill(pair) if pair != READER => {
            let pair = &mut w.pairs[pair];
            if pair.theirs.is_some() {
                while pair.ours.write(&[1; 4096]).is_ok() {}
                pair.full = true;
                pair.touch();
            }
        }
        Op::Drain(pair) if pair != READER => {
            let pair = &mut w.pairs[pair];
            if let Some(theirs) = &mut pair.theirs {
                while theirs.read(&mut [0; 65536]).is_ok_and(|n| n > 0) {}
                pair.full = false;
                pair.touch();
            }
        }
        Op::Close(pair) => {
            let pair = &mut w.pairs[pair];
            if let (Some(theirs), false) = (&pair.theirs, pair.is_pipe) {
                // Even if there is a copy of it.
                SockRef::from(theirs).shutdown(Shutdown::Both).unwrap();
            }
            pair.theirs = None;
            pair.touch();
        }
        _ => {}
    }
}

/// One turn, and what must have come of it.
fn turn(world: &Shared) -> Result<(), TestCaseError> {
    {
        let mut w = world.borrow_mut();
        w.turn += 1;
        (w.last_due, w.leaving, w.cycled, w.begun) = (0, false, (false, false), clock::now_micros());
        w.pairs.iter_mut().for_each(Pair::expect);
    }
    let before = world.borrow().before;
    let flow = local::run();
    let w = &mut *world.borrow_mut();
    w.phase = Phase::Before;
    for pair in &mut w.pairs {
        pair.left = w.leaving && (pair.left || pair.read != Call::Never || pair.write != Call::Never);
    }
    prop_assert_eq!(&w.wrong, &None);
    prop_assert_eq!(flow, if w.leaving { Flow::Leave { code: 7 } } else { Flow::Continue });
    if flow == Flow::Continue {
        for (number, pair) in w.pairs.iter().enumerate() {
            prop_assert!(pair.read != Call::Once, "turn {}: pair {number} was not told that it is readable", w.turn);
            prop_assert!(pair.write != Call::Once, "turn {}: pair {number} was not told that it is writable", w.turn);
        }
        for (id, timer) in &w.timers {
            let due = timer.turn < w.turn && timer.at.1 <= w.begun;
            prop_assert!(!due, "turn {}: timer {id} was due and did not come", w.turn);
        }
        let left = w.deferred.iter().filter(|tag| **tag < w.to_come).count();
        prop_assert!(left == 0, "turn {}: {left} deferred calls did not come", w.turn);
        prop_assert!(w.cycled.0 >= before && w.cycled.1 >= w.after, "turn {}: a cycle did not come", w.turn);
    }
    w.to_come = w.given;
    let watched = w.pairs.iter().any(|pair| pair.watched.is_some());
    prop_assert_eq!(event::is_idle(), w.timers.is_empty() && w.deferred.is_empty() && !watched);
    prop_assert_eq!(event::timers(), w.timers.keys().copied().collect::<Vec<_>>());
    for pair in &w.pairs {
        let wants = pair.wants();
        let isset = |interest| watch::isset(pair.fd(), interest);
        prop_assert_eq!((isset(Interest::READABLE), isset(Interest::WRITABLE)), (wants.read, wants.write));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn turns_do_what_a_naive_loop_does(
        scripts in vec(vec(op(), 0..4), 1..12),
        program in vec((vec(op(), 0..6), prop::bool::weighted(0.3)), 1..20),
    ) {
        let world = Rc::new(RefCell::new(World {
            scripts, next_script: 0, pairs: (0..PAIRS).map(Pair::new).collect(), timers: BTreeMap::new(), deferred: VecDeque::new(),
            given: 0, to_come: 0, before: false, after: false, cycled: (false, false), turn: 0, begun: 0, phase: Phase::Before, last_due: 0,
            leaving: false, wrong: None,
        }));
        for (ops, pass) in program {
            ops.into_iter().for_each(|op| run(&world, op));
            if pass {
                std::thread::sleep(Duration::from_millis(2));
            }
            let outcome = turn(&world);
            if outcome.is_err() {
                local::close();
            }
            outcome?;
        }
        local::close();
        prop_assert_eq!(Rc::strong_count(&world), 1, "the loop has let go of all callbacks");
    }
}
