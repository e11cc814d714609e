//! Certificates for tests.

use super::{ClientTls, Records, ServerTls, Session, session};
use crate::config::{PortSettings, Value};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// An authority, and a directory for files with what it has signed.
pub struct Authority {
    pub directory: TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

fn params(name: &str, hosts: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new(hosts.iter().map(|h| h.to_string()).collect::<Vec<_>>()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

impl Authority {
    pub fn new(name: &str) -> Authority {
        let mut params = params(name, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let authority = Authority { directory: TempDir::new().unwrap(), issuer };
        authority.write("ca.pem", &authority.issuer.pem());
        authority
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// Signs a certificate for `hosts`; its files are `name.pem` and `name.key`.
    pub fn issue(&self, name: &str, hosts: &[&str]) -> &Authority {
        self.issue_with(name, params(name, hosts))
    }

    pub fn issue_with(&self, name: &str, params: CertificateParams) -> &Authority {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        self.write(&format!("{name}.pem"), &certificate.pem());
        self.write(&format!("{name}.key"), &key.serialize_pem());
        self
    }

    /// A certificate that signs itself, as `openssl req -x509` makes it: an authority, too.
    pub fn self_signed(&self, name: &str, hosts: &[&str]) {
        let key = KeyPair::generate().unwrap();
        let mut params = params(name, hosts);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        self.write(&format!("{name}.pem"), &params.self_signed(&key).unwrap().pem());
        self.write(&format!("{name}.key"), &key.serialize_pem());
    }

    /// Settings with these options; values that name a file of this directory are made its path.
    pub fn settings(&self, options: &[(&str, &str)]) -> PortSettings {
        let mut settings = PortSettings::default();
        for (name, value) in options {
            let file = self.path(value);
            let value = if file.is_file() { Value::from(file.to_str().unwrap()) } else { Value::from(*value) };
            settings.set(name, &value).unwrap();
        }
        settings
    }

    pub fn server(&self, options: &[(&str, &str)]) -> ServerTls {
        ServerTls::new(&self.settings(options)).unwrap().0
    }
}

/// One end of a connection, with its buffers.
pub struct End {
    pub session: Session,
    pub out: Records,
    /// what was received
    pub got: Vec<u8>,
    pub ended: bool,
    buffer: Vec<u8>,
}

impl End {
    pub fn new(session: Session) -> End {
        End { session, out: Records::default(), got: Vec::new(), ended: false, buffer: vec![0; session::BUFFER] }
    }

    /// Takes records in parts of `step` bytes.
    pub fn take(&mut self, mut records: &[u8], step: usize) -> crate::error::Result<()> {
        while !records.is_empty() {
            let room = self.session.room(&mut self.buffer);
            let count = records.len().min(step).min(room.len());
            room[..count].copy_from_slice(&records[..count]);
            let received = self.session.receive(&mut self.buffer, count, &mut self.out)?;
            self.got.extend_from_slice(&self.buffer[..received.count]);
            self.ended |= received.end;
            records = &records[count..];
        }
        Ok(())
    }

    pub fn taken(&mut self) -> Vec<u8> {
        let bytes = self.out.bytes().to_vec();
        self.out.clear();
        bytes
    }
}

/// Carries records to and fro until nobody has anything to say. The first error is of who found it.
pub fn talk(client: &mut End, server: &mut End, step: usize) -> crate::error::Result<()> {
    loop {
        let (up, down) = (client.taken(), server.taken());
        if up.is_empty() && down.is_empty() {
            return Ok(());
        }
        server.take(&up, step)?;
        client.take(&down, step)?;
    }
}

/// Both ends of a connection to `host`, before the handshake.
pub fn ends(client: &ClientTls, server: &ServerTls, host: &str) -> (End, End) {
    let mut client = End::new(client.session(host, &[]).unwrap());
    client.session.begin(&mut client.out).unwrap();
    (client, End::new(server.session().unwrap()))
}

/// A client that trusts nobody but that authority.
pub fn trusting(authority: &Path) -> ClientTls {
    client(&[("ssl_verify_peer", "true"), ("ssl_cafile", authority.to_str().unwrap())])
}

pub fn client(options: &[(&str, &str)]) -> ClientTls {
    let mut settings = PortSettings::default();
    for (name, value) in options {
        settings.set(name, &Value::from(*value)).unwrap();
    }
    ClientTls::new(&settings).unwrap()
}
