//! The client's end: what a client's options make of rules and certificates.

use super::session::Session;
use super::verify::{Servers, Trust};
use super::{ciphers, files, server};
use crate::config::PortSettings;
use crate::error::{Error, ErrorKind, Result};
use crate::log;
use parking_lot::{Mutex, const_mutex};
use rustls::ClientConfig;
use rustls::client::{Resumption, UnbufferedClientConnection};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

/// Rules that a process keeps, with the sessions that were begun under each: the oldest goes.
const MOST: usize = 32;
/// Sessions that are kept of each to be taken up again.
const SESSIONS: usize = 256;

/// What makes two clients' rules the same.
#[derive(Debug, Clone, PartialEq)]
struct Recipe {
    texts: [Option<String>; 3],
    numbers: [u32; 3],
    switches: [bool; 2],
    /// certificate, key, authorities; and when they were changed
    files: [Option<(PathBuf, Option<SystemTime>)>; 4],
}

/// TLS of clients with the same options.
#[derive(Debug, Clone)]
pub struct ClientTls(Arc<Rules>);

impl PartialEq for ClientTls {
    fn eq(&self, other: &ClientTls) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.recipe == other.0.recipe
    }
}

impl Eq for ClientTls {}

#[derive(Debug)]
struct Rules {
    recipe: Recipe,
    config: Arc<ClientConfig>,
}

static KEPT: Mutex<Vec<ClientTls>> = const_mutex(Vec::new());

impl ClientTls {
    /// The rules that a client's options make; those that another client of this process has already are shared, also their sessions. Errors name the option, the file and what is wrong with it.
    pub fn new(settings: &PortSettings) -> Result<ClientTls> {
        let recipe = Recipe::of(settings);
        if let Some(kept) = KEPT.lock().iter().find(|kept| kept.0.recipe == recipe) {
            return Ok(kept.clone());
        }
        let made = ClientTls(Arc::new(Rules { config: Arc::new(config(settings)?), recipe }));
        let mut kept = KEPT.lock();
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push(made.clone());
        Ok(made)
    }

    /// The client's end of a new connection to `host` (or `ssl_host_name`), which has its handshake to begin. Without `alpn` no protocol is offered.
    pub fn session(&self, host: &str, alpn: &[&[u8]]) -> Result<Session> {
        let name = name(host)?;
        let alpn = alpn.iter().map(|name| name.to_vec()).collect();
        let made = UnbufferedClientConnection::new_with_alpn(self.0.config.clone(), name, alpn);
        made.map(Session::from).map_err(|e| Error::new(ErrorKind::SslHandshakeFailed, format!("TLS: {e}")))
    }
}

/// Checks after the handshake what was not checked in it. Errors: `SslEmptyPeerCertificate`, `SslVerifyFailed` with the reason.
pub fn verify(
    settings: &PortSettings,
    host: &str,
    certificates: &[CertificateDer<'static>],
    allow_self_signed: bool,
) -> Result<()> {
    let Some((first, others)) = certificates.split_first() else {
        return Err(Error::new(ErrorKind::SslEmptyPeerCertificate, "the peer has shown no certificate"));
    };
    let trust = trust(settings, allow_self_signed || settings.ssl_allow_self_signed)?;
    let checked = trust.check_server(first, others, &name(host)?, UnixTime::now());
    checked.map_err(|e| Error::new(ErrorKind::SslVerifyFailed, format!("the peer's certificate: {e}")))
}

/// What a server's certificate has to be for. Paths of Unix sockets have no name: `localhost` stands for them.
fn name(host: &str) -> Result<ServerName<'static>> {
    let host = if host.starts_with(['/', '@', '.']) || host.contains('/') { "localhost" } else { host };
    // Addresses in brackets, or with a zone, as some write them.
    let bare = host.trim_start_matches('[').trim_end_matches(']').split('%').next().unwrap_or_default();
    ServerName::try_from(bare.to_owned()).map_err(|_| {
        let why = format!("{host:?} is no name that a certificate could be for: set ssl_host_name");
        Error::new(ErrorKind::InvalidParams, why)
    })
}

impl Recipe {
    fn of(settings: &PortSettings) -> Recipe {
        let paths = [&settings.ssl_cert_file, &settings.ssl_key_file, &settings.ssl_cafile, &settings.ssl_capath];
        let changed = |path: &PathBuf| std::fs::metadata(path).and_then(|found| found.modified()).ok();
        Recipe {
            texts: [&settings.ssl_passphrase, &settings.ssl_ciphers, &settings.ssl_ecdh_curve].map(Clone::clone),
            numbers: [
                settings.ssl_protocols,
                settings.ssl_method.unwrap_or_default(),
                settings.ssl_verify_depth.into(),
            ],
            switches: [settings.ssl_verify_peer, settings.ssl_allow_self_signed],
            files: paths.map(|path| path.as_ref().map(|path| (path.clone(), changed(path)))),
        }
    }
}

fn config(settings: &PortSettings) -> Result<ClientConfig> {
    let mut remarks = Vec::new();
    let provider = server::provider(settings, &mut remarks)?;
    let (versions, more) = ciphers::versions(settings.ssl_protocols, settings.ssl_method)?;
    remarks.extend(more);
    remarks.extend(server::odd(settings));
    remarks.iter().for_each(|remark| log::warning(format_args!("{remark}")));
    let trust = if settings.ssl_verify_peer { Some(trust(settings, settings.ssl_allow_self_signed)?) } else { None };
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&versions)
        .map_err(|_| server::no_suite())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Servers { trust }));
    let mut config = match &settings.ssl_cert_file {
        Some(cert_file) => {
            let key_file = settings.ssl_key_file.as_deref().ok_or_else(|| {
                let why = "option \"ssl_cert_file\" needs \"ssl_key_file\": a certificate is of no use without its key";
                Error::new(ErrorKind::SslCreateContextFailed, why)
            })?;
            let (cert, key) = (("ssl_cert_file", cert_file.as_path()), ("ssl_key_file", key_file));
            let one = server::certified(cert, key, settings.ssl_passphrase.as_deref(), &provider)?;
            builder.with_client_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(one)))
        }
        None => builder.with_no_client_auth(),
    };
    config.resumption = Resumption::in_memory_sessions(SESSIONS);
    Ok(config)
}

fn trust(settings: &PortSettings, allow_self_signed: bool) -> Result<Trust> {
    let mut trusted = Vec::new();
    if let Some(path) = &settings.ssl_cafile {
        trusted.extend(files::certificates("ssl_cafile", path)?);
    }
    if let Some(path) = &settings.ssl_capath {
        trusted.extend(files::directory("ssl_capath", path)?);
    }
    if trusted.is_empty() {
        let found = rustls_native_certs::load_native_certs();
        if found.certs.is_empty() && !allow_self_signed {
            let why = found.errors.first().map(|e| format!(" ({e})")).unwrap_or_default();
            return Err(Error::new(
                ErrorKind::SslCreateContextFailed,
                format!(
                    "the system has no certificates of authorities that could be trusted{why}: set ssl_cafile or ssl_capath"
                ),
            ));
        }
        trusted = found.certs;
    }
    Ok(Trust::new(trusted, allow_self_signed, settings.ssl_verify_depth))
}
