//! From a request to a callback, the same in both modes.
//!
//! Runs in: worker.

use super::Worker;
use crate::log;
use crate::protocol::http1::brief::flag;
use crate::server::{Request, Response};

impl Worker {
    /// A request came.
    pub fn requested(&self, request: Request) {
        let (session, port) = (request.session(), request.port());
        if self.settings.discard_timeout_request && self.server.shared().table.find_open(session).is_err() {
            self.slot(&self.server).lost.add_own(1);
            log::notice(format_args!(
                "a request of session {session} is dropped: it was closed before it was handled (discard_timeout_request)"
            ));
            return;
        }
        self.count_request();
        let ports = self.server.running_ports();
        let Some(listener) = ports.get(port) else { return };
        if request.brief().has(flag::WEBSOCKET) && listener.settings.open_websocket_protocol {
            return self.asked_for_websocket(listener, request);
        }
        let mut response = Response::of(&self.server, &request);
        if let Some(files) = &self.files {
            let Some(back) = files.serve(&request, response) else { return };
            response = back;
        }
        if listener.wants.request {
            self.departure.note(self.events.request(&self.server, request, response));
        } else {
            // A port for WebSockets only.
            response.refuse(404);
        }
    }
}
