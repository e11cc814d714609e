//! What a program asks for.

use super::wire;
use crate::error::Result;
use std::path::PathBuf;

/// Names and values, in order.
pub type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// One request. Nothing of it is checked until it is given to a client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// empty: GET, or POST if there is a body
    pub method: Vec<u8>,
    /// path and query, percent-encoded already
    pub target: Vec<u8>,
    /// in the order in which they are sent. `Host`, `Accept-Encoding`, `Cookie` and `Connection` are made if they are not here; `Content-Length` and
    /// `Transfer-Encoding` are always made.
    pub headers: Pairs,
    /// what follows the head
    pub body: Body,
    /// where to put the answer's body, if it is 200 or 206; else it is kept in memory
    pub download: Option<Download>,
}

/// The body of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Body {
    /// none
    #[default]
    None,
    /// as it is; `Content-Type` is the program's
    Bytes(Vec<u8>),
    /// `application/x-www-form-urlencoded`
    Form(Pairs),
    /// `multipart/form-data`: the fields, then the files
    Multipart {
        /// names and values
        fields: Pairs,
        /// files, which are read while they are sent
        files: Vec<Upload>,
    },
}

/// A file to be uploaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Upload {
    /// a regular file
    pub path: PathBuf,
    /// name of the field
    pub name: Vec<u8>,
    /// its media type; empty: that of the name's extension
    pub media_type: Vec<u8>,
    /// name that the server is told; empty: the last part of `path`
    pub file_name: Vec<u8>,
    /// where in the file to begin
    pub offset: u64,
    /// bytes to send; 0: to its end
    pub length: u64,
}

/// A file that gets the body of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Download {
    /// made if it is not there; what it held is overwritten
    pub path: PathBuf,
    /// Goes on there: `Range: bytes=offset-` is asked for, what the file holds behind is cut off. If the answer is the whole file (200), it is written from its beginning.
    pub offset: u64,
}

impl Upload {
    /// Errors: `FileNotExist`, `IsNotRegularFile`, `FileEmpty`, `InvalidParams` (the file is not that long; the type cannot be sent).
    pub fn check(&self) -> Result<()> {
        wire::check_upload(self)
    }
}
