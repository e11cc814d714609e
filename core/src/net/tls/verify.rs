//! Whether a peer's certificate is to be trusted.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, SignatureScheme};
use std::sync::Arc;
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter, VerifiedPath};

/// Most certificates between a peer's and the one that is trusted, whatever the options say.
pub const DEEPEST: u8 = 6;

/// Whom to trust.
#[derive(Debug, Clone)]
pub struct Trust {
    anchors: Vec<TrustAnchor<'static>>,
    /// the same as they were given: one of them may be the peer's own
    trusted: Vec<CertificateDer<'static>>,
    /// one that has signed itself is taken, whoever it is
    allow_self_signed: bool,
    depth: u8,
}

impl Trust {
    /// Trusts what `trusted` have signed, over `depth` others at most. Those among them that cannot be read are passed over.
    pub fn new(trusted: Vec<CertificateDer<'static>>, allow_self_signed: bool, depth: u8) -> Trust {
        let anchors =
            trusted.iter().filter_map(|c| Some(webpki::anchor_from_trusted_cert(c).ok()?.to_owned())).collect();
        Trust { anchors, trusted, allow_self_signed, depth: depth.min(DEEPEST) }
    }

    /// Checks a certificate for that purpose, with what its owner has sent besides. Errors say what is wrong with it.
    fn check(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        now: UnixTime,
        purpose: Purpose,
    ) -> Result<(), Error> {
        let parsed = EndEntityCert::try_from(certificate).map_err(refusal)?;
        let found = self.path(&parsed, &self.anchors, others, now, purpose);
        let own: Vec<_> = webpki::anchor_from_trusted_cert(certificate).into_iter().collect();
        match found {
            Ok(()) => Ok(()),
            // A certificate that was made with `openssl req -x509` and is used as it is: it is trusted itself. It is in its time; what else it says of
            // itself is not looked at, as it could sign whatever it is not for.
            Err(webpki::Error::CaUsedAsEndEntity) if self.trusted.iter().any(|t| **t == **certificate) => Ok(()),
            Err(error) if self.allow_self_signed && parsed.issuer() == parsed.subject() => {
                match self.path(&parsed, &own, &[], now, purpose) {
                    Ok(()) | Err(webpki::Error::CaUsedAsEndEntity) => Ok(()),
                    Err(webpki::Error::UnknownIssuer) => Err(refusal(error)),
                    Err(other) => Err(refusal(other)),
                }
            }
            Err(error) => Err(refusal(error)),
        }
    }

    fn path(
        &self,
        certificate: &EndEntityCert<'_>,
        anchors: &[TrustAnchor<'_>],
        others: &[CertificateDer<'_>],
        now: UnixTime,
        purpose: Purpose,
    ) -> Result<(), webpki::Error> {
        let short_enough = |path: &VerifiedPath<'_>| {
            let between = path.intermediate_certificates().count();
            if between <= self.depth.into() { Ok(()) } else { Err(webpki::Error::MaximumPathDepthExceeded) }
        };
        let algorithms = algorithms().all;
        certificate.verify_for_usage(algorithms, anchors, others, now, purpose, None, Some(&short_enough)).map(drop)
    }

    /// As [`Trust::check`], for a server with that name.
    pub fn check_server(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Error> {
        self.check(certificate, others, now, Purpose::Server)?;
        let parsed = EndEntityCert::try_from(certificate).map_err(refusal)?;
        parsed.verify_is_valid_for_subject_name(name).map_err(refusal)
    }

    /// What tells this trust from another.
    pub fn fingerprint(&self) -> Vec<u8> {
        let mut sum = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        for certificate in &self.trusted {
            sum.update(&(certificate.len() as u64).to_be_bytes());
            sum.update(certificate);
        }
        sum.update(&[self.allow_self_signed.into(), self.depth]);
        sum.finish().as_ref().to_vec()
    }
}

/// What a certificate is for. One that says nothing of it is for everything.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    Server,
    Client,
}

impl ExtendedKeyUsageValidator for Purpose {
    fn validate(&self, iter: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        let usage = match self {
            Purpose::Server => webpki::KeyUsage::server_auth(),
            Purpose::Client => webpki::KeyUsage::client_auth(),
        };
        usage.validate(iter)
    }
}

fn algorithms() -> WebPkiSupportedAlgorithms {
    rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms
}

/// The error of rustls for one of its library, so that the peer is told the right alert.
fn refusal(error: webpki::Error) -> Error {
    use webpki::Error as Found;
    match error {
        Found::BadDer | Found::BadDerTime | Found::TrailingData(_) => CertificateError::BadEncoding,
        Found::CertNotValidYet { time, not_before } => CertificateError::NotValidYetContext { time, not_before },
        Found::CertExpired { time, not_after } => CertificateError::ExpiredContext { time, not_after },
        Found::InvalidCertValidity => CertificateError::Expired,
        Found::UnknownIssuer => CertificateError::UnknownIssuer,
        Found::CertNotValidForName(context) => {
            CertificateError::NotValidForNameContext { expected: context.expected, presented: context.presented }
        }
        Found::InvalidSignatureForPublicKey => CertificateError::BadSignature,
        other => CertificateError::Other(OtherError(Arc::new(other))),
    }
    .into()
}

/// Checks servers for a client.
#[derive(Debug)]
pub struct Servers {
    /// None: any server is taken
    pub trust: Option<Trust>,
}

impl ServerCertVerifier for Servers {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(trust) = &self.trust {
            trust.check_server(certificate, others, name, now)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &algorithms())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &algorithms())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        algorithms().supported_schemes()
    }
}

/// Checks clients for a server. Each of them needs a certificate.
#[derive(Debug)]
pub struct Clients {
    trust: Trust,
    /// names of the authorities, by which clients choose a certificate
    names: Vec<DistinguishedName>,
}

impl Clients {
    /// Takes clients that `trust` trusts.
    pub fn new(trust: Trust) -> Clients {
        let names = trust.anchors.iter().map(|anchor| DistinguishedName::in_sequence(&anchor.subject)).collect();
        // With names, clients would not send one that has signed itself.
        Clients { names: if trust.allow_self_signed { Vec::new() } else { names }, trust }
    }
}

impl ClientCertVerifier for Clients {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.names
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.trust.check(certificate, others, now, Purpose::Client)?;
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &algorithms())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &algorithms())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        algorithms().supported_schemes()
    }
}
