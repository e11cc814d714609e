//! Whatever is given, by whatever name: no panic, and settings that fit together.

use super::{Whole, text};
use crate::config::{Environment, OPTIONS, Value, finish};

/// A reproducible source of numbers (xorshift).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.next() as usize % from.len()].clone()
    }

    fn value(&mut self, depth: u32) -> Value {
        const INTS: [i64; 12] = [i64::MIN, -1, 0, 1, 2, 6, 60, 65_536, 1 << 31, (1 << 32) - 1, i64::MAX - 1, i64::MAX];
        const FLOATS: [f64; 9] =
            [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 0.5, 1.0, 1e19, f64::MAX, f64::MIN_POSITIVE];
        const TEXTS: [&str; 14] =
            ["", " ", "1", "-1", "+", "1e400", "e", ".", "99999999999999999999", "%", "%F", "%Y%Q", "true", "ü\0\n"];
        match self.next() % 9 {
            0 => Value::Null,
            1 => Value::Bool(self.next().is_multiple_of(2)),
            2 => Value::Int(self.pick(&INTS)),
            3 => Value::Int(self.next() as i64),
            4 => Value::Float(self.pick(&FLOATS)),
            5 => Value::Float(f64::from_bits(self.next())),
            6 => text(self.pick(&TEXTS)),
            7 => Value::Str((0..self.next() % 12).map(|_| self.next() as u8).collect()),
            _ if depth == 0 => Value::Callable,
            _ => Value::List((0..self.next() % 3).map(|_| self.value(depth - 1)).collect()),
        }
    }
}

#[test]
fn no_value_panics_and_what_is_left_fits_together() {
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    for _ in 0..4000 {
        let mut both = Whole::default();
        for _ in 0..noise.next() % 20 {
            let name = noise.pick(OPTIONS).name;
            let value = noise.value(2);
            let before = both.clone();
            if let Err(error) = both.set(name, &value) {
                assert!(error.to_string().contains(name));
                assert_eq!(both, before, "{name} {value:?}");
            }
        }
        let env = Environment {
            cpus: noise.pick(&[0, 1, 2, 64, usize::MAX]),
            nofile_limit: noise.pick(&[0, 64, 1024, 20_000, u64::MAX]),
        };
        fits_together(&mut both, &env);
    }
}

fn fits_together(both: &mut Whole, env: &Environment) {
    let ports = std::slice::from_mut(&mut both.port);
    if finish(&mut both.server, ports, env).is_err() {
        return;
    }
    let (server, port) = (&both.server, &both.port);
    assert!((1..=server.worker_num).contains(&server.reactor_num), "{both:?}");
    assert!((1..=1 << 20).contains(&server.max_conn), "{both:?}");
    assert!((1..=9).contains(&server.dispatch_mode), "{both:?}");
    assert_eq!(server.dispatch_mode == 6, server.has_dispatch_func, "{both:?}");
    assert!(port.buffer_low_watermark < port.buffer_high_watermark, "{both:?}");
    assert!(port.buffer_high_watermark <= port.socket_buffer_size, "{both:?}");
    assert!(port.package_length_offset + 4 <= port.package_max_length, "{both:?}");
    assert!((1..=8).contains(&port.package_eof.len()), "{both:?}");

    let done = both.clone();
    let again = finish(&mut both.server, std::slice::from_mut(&mut both.port), env).unwrap();
    assert_eq!(*both, done);
    // a limit of the machine is said as often as it is met
    assert!(again.iter().all(|w| w.message.contains("ulimit")), "{again:?}");
}

#[test]
fn no_name_panics() {
    let mut noise = Noise(42);
    for _ in 0..100 {
        let bytes: Vec<u8> = (0..noise.next() % 100).map(|_| noise.next() as u8).collect();
        let name = String::from_utf8_lossy(&bytes);
        assert!(Whole::default().set(&name, &Value::Null).is_ok());
    }
}
