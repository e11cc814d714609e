//! Keeps tasks in flight between one worker and one task worker, and says how long a round trip took.
//! Run with `cargo run --release -p swoole-core --example tasks -- 100000 64 process`.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};
use swoole_core::config::Value;
use swoole_core::event;
use swoole_core::server::{Answer, Data, Event, Flow, Mode, Role, Server, ServerEvents, SocketType, Task};

struct Tasks {
    wanted: u64,
    in_flight: u64,
    given: Cell<u64>,
    answered: Cell<u64>,
    began: Cell<Option<Instant>>,
}

impl Tasks {
    fn give(&self, server: &Server) {
        if self.given.get() == self.wanted {
            return;
        }
        match server.task(Data::from(&b"a task of some thirty-two bytes."[..]), None, None) {
            Ok(_) => self.given.set(self.given.get() + 1),
            Err(e) => eprintln!("{e}"),
        }
    }
}

impl ServerEvents for Tasks {
    fn wants(&self, _: usize, event: Event) -> bool {
        matches!(event, Event::Receive | Event::Task | Event::Finish)
    }

    fn worker_start(&self, server: &Server, worker_id: i32) -> Flow {
        if worker_id == 0 {
            self.began.set(Some(Instant::now()));
            (0..self.in_flight).for_each(|_| self.give(server));
            // A worker's timers run in its own loop, between its messages.
            let watched = server.clone();
            let watch = move |_| {
                println!(
                    "{} tasks are under way",
                    watched.stats().iter().find(|s| s.name == "tasking_num").map_or(0, |s| s.value)
                );
                Flow::Continue
            };
            if let Err(e) = event::tick(Duration::from_secs(1), Rc::new(watch)) {
                eprintln!("{e}");
            }
        }
        Flow::Continue
    }

    fn task(&self, server: &Server, task: Task<'_>) -> Flow {
        if let Err(e) = server.finish(None, task.data) {
            eprintln!("{e}");
        }
        Flow::Continue
    }

    fn finish(&self, server: &Server, _: Answer<'_>) -> Flow {
        self.answered.set(self.answered.get() + 1);
        self.give(server);
        if self.answered.get() == self.wanted
            && let Some(began) = self.began.get()
        {
            let each = began.elapsed().as_nanos() as u64 / self.wanted.max(1);
            println!("{} tasks were answered, one every {each} ns", self.wanted);
            let _ = server.shutdown();
        }
        Flow::Continue
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let number = |n: usize, default| std::env::args().nth(n).map_or(Ok(default), |text| text.parse());
    let base = std::env::args().nth(3).is_some_and(|m| m == "base");
    let server = Server::new(if base { Mode::Base } else { Mode::Process })?;
    server.listen("127.0.0.1", 0, SocketType::Tcp)?;
    for (name, value) in [("worker_num", 1), ("task_worker_num", 1)] {
        server.set(name, &Value::Int(value))?;
    }
    let tasks = Tasks {
        wanted: number(1, 100_000)?,
        in_flight: number(2, 64)?,
        given: Cell::new(0),
        answered: Cell::new(0),
        began: Cell::new(None),
    };
    let ended = server.start(Rc::new(tasks))?;
    if ended.role != Role::Master || ended.exit_code != 0 {
        std::process::exit(ended.exit_code);
    }
    Ok(())
}
