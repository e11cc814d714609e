//! What every exported function needs: the way in for arguments and callbacks, the way out for results.
//! Nothing here is exported.

pub(crate) mod args;
pub(crate) mod boundary;
pub(crate) mod running;
pub(crate) mod slot;
