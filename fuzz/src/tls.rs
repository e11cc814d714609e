//! Certificates for the targets of TLS, in files that lie in memory.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::fs::File;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use swoole_core::config::{PortSettings, SniCertificate, Value};

/// A file that has a path and lies on no disk.
pub struct Memory(File);

impl Memory {
    pub fn new(content: &[u8]) -> Memory {
        let made = rustix::fs::memfd_create("fuzz", rustix::fs::MemfdFlags::CLOEXEC).expect("memory");
        let file = Memory(made.into());
        file.rewrite(content);
        file
    }

    pub fn rewrite(&self, content: &[u8]) {
        self.0.set_len(0).and_then(|()| self.0.write_all_at(content, 0)).expect("memory");
    }

    pub fn path(&self) -> PathBuf {
        format!("/proc/self/fd/{}", self.0.as_raw_fd()).into()
    }
}

/// Names in the certificate that the authority has signed.
pub const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "*.wide.test"];

/// An authority, and a certificate of its.
pub struct Authority {
    pub own: Memory,
    pub certificate: Memory,
    pub key: Memory,
    /// DER: what it signed, itself, and one that signed itself
    pub ders: [Vec<u8>; 3],
    /// DER
    pub key_der: Vec<u8>,
}

impl Authority {
    #[expect(clippy::new_without_default)]
    pub fn new() -> Authority {
        let params = |names: &[&str]| {
            CertificateParams::new(names.iter().map(|name| name.to_string()).collect::<Vec<_>>()).expect("names")
        };
        let key = || KeyPair::generate().expect("a key");
        let mut own = params(&[]);
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(own, key()).expect("an authority");
        let (its, alone) = (key(), key());
        let signed = params(&NAMES).signed_by(&its, &issuer).expect("a certificate");
        let stranger = params(&NAMES).self_signed(&alone).expect("a certificate");
        Authority {
            own: Memory::new(issuer.pem().as_bytes()),
            certificate: Memory::new(signed.pem().as_bytes()),
            key: Memory::new(its.serialize_pem().as_bytes()),
            ders: [signed.der().to_vec(), issuer.der().to_vec(), stranger.der().to_vec()],
            key_der: its.serialize_der(),
        }
    }

    /// Options of a server with that certificate, also for names.
    pub fn server(&self) -> PortSettings {
        let mut settings = PortSettings::default();
        for (name, file) in [("ssl_cert_file", &self.certificate), ("ssl_key_file", &self.key)] {
            let path = file.path();
            settings.set(name, &Value::from(path.to_str().expect("a path"))).expect("an option");
        }
        settings.ssl_sni_certs = ["a.test", "*.wide.test"]
            .map(|host| SniCertificate {
                host: host.into(),
                cert_file: self.certificate.path(),
                key_file: self.key.path(),
                passphrase: None,
            })
            .into();
        settings
    }

    /// Options of a client that trusts that authority.
    pub fn client(&self) -> PortSettings {
        let mut settings = PortSettings::default();
        let path = self.own.path();
        settings.set("ssl_cafile", &Value::from(path.to_str().expect("a path"))).expect("an option");
        settings.set("ssl_verify_peer", &Value::Bool(true)).expect("an option");
        settings
    }
}
