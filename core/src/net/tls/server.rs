//! The server's end: what a port's options make of certificates, keys and rules, and what becomes of it on a reload.

use super::session::Session;
use super::tickets::Tickets;
use super::verify::{Clients, Trust};
use super::{ciphers, files};
use crate::config::{PortSettings, SniCertificate};
use crate::error::{Error, ErrorKind, Result};
use parking_lot::RwLock;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::server::{
    ClientHello, NoClientAuth, NoServerSessionStorage, ResolvesServerCert, ServerConfig, UnbufferedServerConnection,
};
use rustls::sign::CertifiedKey;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// TLS of one listening port. Threads share it; a process forked later has what was in force then.
#[derive(Debug)]
pub struct ServerTls {
    settings: PortSettings,
    tickets: Arc<Tickets>,
    current: RwLock<Arc<ServerConfig>>,
}

impl ServerTls {
    /// Reads what the options of a port name. The words are about what has no effect. Errors name the option, the file and what is wrong with it.
    pub fn new(settings: &PortSettings) -> Result<(ServerTls, Vec<String>)> {
        let settings = with_absolute_paths(settings.clone());
        let tickets = Tickets::new()?;
        let mut remarks = Vec::new();
        let config = config(&settings, &tickets, &mut remarks)?;
        Ok((ServerTls { settings, tickets, current: RwLock::new(Arc::new(config)) }, remarks))
    }

    /// Reads the files anew. Connections that exist go on as they are; new ones get what was read. Errors: something is wrong, and what was in force stays so.
    pub fn reload(&self) -> Result<()> {
        let config = config(&self.settings, &self.tickets, &mut Vec::new())?;
        *self.current.write() = Arc::new(config);
        Ok(())
    }

    /// Whether clients are asked for a certificate.
    pub fn asks_clients(&self) -> bool {
        asks_clients(&self.settings)
    }

    /// The server's end of a new connection.
    pub fn session(&self) -> Result<Session> {
        let config = self.current.read().clone();
        let made = UnbufferedServerConnection::new(config);
        made.map(Session::from).map_err(|e| Error::new(ErrorKind::SslHandshakeFailed, format!("TLS: {e}")))
    }
}

/// A server that becomes a daemon has another working directory.
fn with_absolute_paths(mut settings: PortSettings) -> PortSettings {
    let absolute = |path: &mut PathBuf| {
        if let Ok(found) = std::path::absolute(&*path) {
            *path = found;
        }
    };
    [
        &mut settings.ssl_cert_file,
        &mut settings.ssl_key_file,
        &mut settings.ssl_client_cert_file,
        &mut settings.ssl_cafile,
        &mut settings.ssl_capath,
    ]
    .into_iter()
    .flatten()
    .for_each(absolute);
    for one in &mut settings.ssl_sni_certs {
        [&mut one.cert_file, &mut one.key_file].into_iter().for_each(absolute);
    }
    settings
}

fn asks_clients(settings: &PortSettings) -> bool {
    settings.ssl_verify_peer || (settings.ssl_client_cert_file.is_some() && !settings.is_given("ssl_verify_peer"))
}

fn config(settings: &PortSettings, tickets: &Arc<Tickets>, remarks: &mut Vec<String>) -> Result<ServerConfig> {
    let provider = provider(settings, remarks)?;
    let certificates = Certificates::read(settings, &provider)?;
    let (versions, more) = ciphers::versions(settings.ssl_protocols, settings.ssl_method)?;
    remarks.extend(more);
    let trust = if asks_clients(settings) { Some(trust_in_clients(settings)?) } else { None };
    remarks.extend(odd(settings));
    let context = trust.as_ref().map(Trust::fingerprint).unwrap_or_default();
    let cannot = |e: rustls::Error| Error::new(ErrorKind::SslCreateContextFailed, format!("TLS: {e}"));
    let builder =
        ServerConfig::builder_with_provider(provider).with_protocol_versions(&versions).map_err(|_| no_suite())?;
    let builder = match trust {
        Some(trust) => builder.with_client_cert_verifier(Arc::new(Clients::new(trust))),
        None => builder.with_client_cert_verifier(Arc::new(NoClientAuth)),
    };
    let mut config = builder.with_cert_resolver(Arc::new(certificates));
    config.ignore_client_order = settings.ssl_prefer_server_ciphers;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.ticketer = tickets.within(&context);
    if settings.open_http_protocol || settings.open_websocket_protocol {
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
    }
    // A wrong provider would show here and not with the first client.
    UnbufferedServerConnection::new(Arc::new(config.clone())).map_err(cannot)?;
    Ok(config)
}

/// The error of suites of one version for protocols of another.
pub(super) fn no_suite() -> Error {
    Error::new(
        ErrorKind::SslCreateContextFailed,
        "options \"ssl_ciphers\" and \"ssl_protocols\" exclude one another: no cipher suite is left for the versions that are allowed",
    )
}

/// rustls' cryptography with the suites and groups that the options allow.
pub(super) fn provider(settings: &PortSettings, remarks: &mut Vec<String>) -> Result<Arc<CryptoProvider>> {
    let mut provider = aws_lc_rs::default_provider();
    provider.cipher_suites = match &settings.ssl_ciphers {
        Some(list) => {
            let (suites, more) = ciphers::suites(list)?;
            remarks.extend(more.into_iter().map(|remark| format!("option \"ssl_ciphers\": {remark}")));
            suites
        }
        None => ciphers::all_suites(),
    };
    if let Some(groups) = settings.ssl_ecdh_curve.as_deref().map(ciphers::groups).transpose()?.flatten() {
        provider.kx_groups = groups;
    }
    Ok(Arc::new(provider))
}

/// Words about options that have no effect here.
pub(super) fn odd(settings: &PortSettings) -> Vec<String> {
    let mut remarks = Vec::new();
    if settings.ssl_dhparam.is_some() {
        remarks.push(
            "option \"ssl_dhparam\" has no effect: rustls has no DHE ciphers, and those with ECDHE need no parameters"
                .into(),
        );
    }
    if settings.ssl_compress || (settings.is_given("ssl_disable_compression") && !settings.ssl_disable_compression) {
        remarks.push("TLS compression was asked for (ssl_compress) and is not to be had: it gives secrets away (CRIME), and TLS 1.3 has none".into());
    }
    if settings.ssl_client_cert_file.is_some() && settings.is_given("ssl_verify_peer") && !settings.ssl_verify_peer {
        remarks.push("option \"ssl_client_cert_file\" has no effect, since ssl_verify_peer is false: clients are not asked for a certificate".into());
    }
    remarks
}

fn trust_in_clients(settings: &PortSettings) -> Result<Trust> {
    let mut trusted = Vec::new();
    for (option, path) in
        [("ssl_client_cert_file", &settings.ssl_client_cert_file), ("ssl_cafile", &settings.ssl_cafile)]
    {
        if let Some(path) = path {
            trusted.extend(files::certificates(option, path)?);
        }
    }
    if let Some(path) = &settings.ssl_capath {
        trusted.extend(files::directory("ssl_capath", path)?);
    }
    if trusted.is_empty() && !settings.ssl_allow_self_signed {
        return Err(Error::new(
            ErrorKind::SslCreateContextFailed,
            "option \"ssl_verify_peer\" needs the certificates of those who sign the clients' (ssl_client_cert_file, ssl_cafile or ssl_capath), or ssl_allow_self_signed",
        ));
    }
    Ok(Trust::new(trusted, settings.ssl_allow_self_signed, settings.ssl_verify_depth))
}

/// A certificate with its key. Errors: a file is wrong; the key does not fit.
pub(super) fn certified(
    (cert_option, cert_file): (&str, &Path),
    (key_option, key_file): (&str, &Path),
    passphrase: Option<&str>,
    provider: &CryptoProvider,
) -> Result<CertifiedKey> {
    let chain = files::certificates(cert_option, cert_file)?;
    let key = files::key(key_option, key_file, passphrase)?;
    CertifiedKey::from_der(chain, key, provider).map_err(|e| {
        let (cert_file, key_file) = (cert_file.display(), key_file.display());
        let why = match e {
            rustls::Error::InconsistentKeys(_) => {
                format!("it does not fit the first certificate in {cert_file} ({cert_option})")
            }
            other => format!("the key cannot be used: {other}"),
        };
        Error::new(ErrorKind::SslCreateContextFailed, format!("option \"{key_option}\": {key_file}: {why}"))
    })
}

/// Chooses by the name that a client asks for.
#[derive(Debug)]
struct Certificates {
    default: Arc<CertifiedKey>,
    /// by name in small letters; one that begins with `*.` is for all names of one label more
    named: HashMap<String, Arc<CertifiedKey>>,
}

impl Certificates {
    fn read(settings: &PortSettings, provider: &CryptoProvider) -> Result<Certificates> {
        let missing = |what: &str| {
            let why = format!(
                "the port is one of TLS (SWOOLE_SSL) and has no option \"{what}\": a certificate and its key are needed"
            );
            Error::new(ErrorKind::SslCreateContextFailed, why)
        };
        let cert_file = settings.ssl_cert_file.as_deref().ok_or_else(|| missing("ssl_cert_file"))?;
        // A file may hold both.
        let key_file = settings.ssl_key_file.as_deref().ok_or_else(|| missing("ssl_key_file"))?;
        let passphrase = settings.ssl_passphrase.as_deref();
        let default = certified(("ssl_cert_file", cert_file), ("ssl_key_file", key_file), passphrase, provider)?;
        let mut named = HashMap::new();
        for SniCertificate { host, cert_file, key_file, passphrase: own } in &settings.ssl_sni_certs {
            let (cert_option, key_option) =
                (format!("ssl_sni_certs[{host}][ssl_cert_file]"), format!("ssl_sni_certs[{host}][ssl_key_file]"));
            let passphrase = own.as_deref().or(passphrase);
            let one = certified((&cert_option, cert_file), (&key_option, key_file), passphrase, provider)?;
            named.insert(host.to_ascii_lowercase(), Arc::new(one));
        }
        Ok(Certificates { default: Arc::new(default), named })
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let found = hello.server_name().filter(|_| !self.named.is_empty()).and_then(|name| {
            let name = name.to_ascii_lowercase();
            let wider = || name.split_once('.').and_then(|(_, rest)| self.named.get(&format!("*.{rest}")));
            self.named.get(&name).or_else(wider)
        });
        Some(found.unwrap_or(&self.default).clone())
    }
}
