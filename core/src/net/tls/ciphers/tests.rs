use super::*;

fn names(list: &str) -> Vec<&'static str> {
    let (suites, _) = suites(list).unwrap();
    suites.iter().map(|suite| SUITES.iter().find(|(_, s)| s.suite() == suite.suite()).unwrap().0).collect()
}

/// Without those of TLS 1.3.
fn older(list: &str) -> Vec<&'static str> {
    names(list).into_iter().filter(|name| !name.starts_with("TLS_")).collect()
}

#[test]
fn words_of_openssl_choose_and_order() {
    let gcm = [
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384",
    ];
    let chacha = ["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"];
    assert_eq!(older("EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH"), gcm);
    assert_eq!(older("HIGH:!aNULL:!MD5"), [&gcm[..], &chacha].concat());
    assert_eq!(older("ALL:!AES128:!CHACHA20"), gcm[2..]);
    assert_eq!(older("ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256"), [gcm[3], gcm[1]]);
    assert_eq!(older("ALL:+AESGCM"), [&chacha[..], &gcm].concat());
    assert_eq!(older("aRSA+AES128"), [gcm[1]]);
    assert_eq!(older("ALL:-ALL:CHACHA20,aNULL"), chacha);
    assert_eq!(older("!AES256:ALL:!CHACHA20"), gcm[..2]);
}

#[test]
fn those_of_tls_1_3_are_all_there_unless_some_are_named() {
    assert_eq!(names("ECDHE+AESGCM").len(), 3 + 4);
    assert_eq!(names("TLS_AES_256_GCM_SHA384:AESGCM")[0], "TLS_AES_256_GCM_SHA384");
    assert_eq!(names("TLS_AES_256_GCM_SHA384"), ["TLS_AES_256_GCM_SHA384"]);
    assert_eq!(names("ALL:!TLS_AES_128_GCM_SHA256").len(), 2 + 6);
}

#[test]
fn what_is_not_to_be_had_is_said() {
    let (_, remarks) = suites("AES128-SHA:HIGH:NONSENSE:@SECLEVEL=2").unwrap();
    assert_eq!(remarks.len(), 3, "{remarks:?}");
    assert!(remarks[0].contains("AES128-SHA") && remarks[0].contains("rustls"), "{remarks:?}");
    assert!(remarks[1].contains("NONSENSE") && remarks[1].contains("not known"), "{remarks:?}");
    for nothing in ["RC4", "AES128-SHA", "NONSENSE", "ALL:!ALL", ""] {
        let error = suites(nothing).unwrap_err().to_string();
        assert!(error.contains("ssl_ciphers") && error.contains("ECDHE-RSA-AES128-GCM-SHA256"), "{error}");
    }
}

#[test]
fn groups_have_openssls_names_too() {
    assert_eq!(groups("auto").unwrap().map(|g| g.len()), None);
    let found = groups("prime256v1:X25519").unwrap().unwrap();
    assert_eq!(found.iter().map(|g| g.name()).collect::<Vec<_>>(), [group::SECP256R1.name(), group::X25519.name()]);
    assert!(groups("secp521r1").unwrap_err().to_string().contains("secp521r1"));
}

#[test]
fn old_versions_are_left_out_or_refused() {
    let count = |protocols, method| versions(protocols, method).map(|(found, said)| (found.len(), said.len()));
    assert_eq!(count(0, None).unwrap(), (2, 0));
    assert_eq!(count(0, Some(5)).unwrap(), (2, 0));
    assert_eq!(count(0, Some(13)).unwrap(), (1, 0));
    assert_eq!(count(32, None).unwrap(), (1, 0));
    assert_eq!(count(8 | 16 | 32 | 64, None).unwrap(), (2, 1));
    for (protocols, method, name) in
        [(8, None, "TLS 1.0"), (0, Some(3), "SSLv3"), (0, Some(9), "TLS 1.1"), (0, Some(15), "DTLS")]
    {
        let error = versions(protocols, method).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    }
}
