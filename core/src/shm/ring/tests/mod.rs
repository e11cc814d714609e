//! The ring against a naive oracle, against noise, among threads and processes that are killed, and in loom's models.

#[cfg(loom)]
mod models;
#[cfg(not(loom))]
mod noise;
#[cfg(not(loom))]
mod oracle;
#[cfg(not(loom))]
mod processes;
#[cfg(not(loom))]
mod threads;
