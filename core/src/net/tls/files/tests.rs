use super::*;
use crate::net::tls::testing::Authority;

#[test]
fn a_chain_is_read_in_its_order_and_keys_beside_it_are_passed_over() {
    let authority = Authority::new("authority");
    authority.issue("a", &["localhost"]);
    let text = |name| std::fs::read_to_string(authority.path(name)).unwrap();
    let both = authority.write("both.pem", &format!("words\n{}{}{}", text("a.pem"), text("a.key"), text("ca.pem")));
    let found = certificates("ssl_cert_file", &both).unwrap();
    assert_eq!(found[..1], certificates("x", &authority.path("a.pem")).unwrap());
    assert_eq!(found[1..], certificates("x", &authority.path("ca.pem")).unwrap());
    assert!(key("ssl_key_file", &both, None).is_ok());
}

#[test]
fn errors_name_option_file_and_reason() {
    let authority = Authority::new("authority");
    authority.issue("a", &["localhost"]);
    let text = std::fs::read_to_string(authority.path("a.pem")).unwrap();
    for (content, reason) in [
        ("", "no PEM block"),
        ("0\u{1}\u{2}", "DER"),
        (&text[..text.len() - 30], "cut off"),
        ("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n", "base64"),
        ("-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n", "certificate 1 in it cannot be used"),
        ("-----BEGIN PRIVATE KEY-----\nMAAA\n-----END PRIVATE KEY-----\n", "no certificate"),
    ] {
        let file = authority.write("bad.pem", content);
        let error = certificates("ssl_cert_file", &file).unwrap_err().to_string();
        assert!(error.contains("ssl_cert_file") && error.contains("bad.pem") && error.contains(reason), "{error}");
    }
    let error = certificates("ssl_cafile", Path::new("/nowhere")).unwrap_err().to_string();
    assert!(error.contains("/nowhere") && error.contains("No such file"), "{error}");
    let error = key("ssl_key_file", &authority.path("a.pem"), None).unwrap_err().to_string();
    assert!(error.contains("no private key"), "{error}");
}

#[test]
fn a_directory_gives_the_certificates_of_its_files_once() {
    let authority = Authority::new("authority");
    authority.issue("a", &["localhost"]);
    std::os::unix::fs::symlink(authority.path("ca.pem"), authority.path("12345678.0")).unwrap();
    assert_eq!(directory("ssl_capath", authority.directory.path()).unwrap().len(), 2);
    let empty = tempfile::TempDir::new().unwrap();
    assert!(directory("ssl_capath", empty.path()).unwrap_err().to_string().contains("has a certificate"));
}
