<?php
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([[AF_INET, FILTER_FLAG_IPV4], [AF_INET6, FILTER_FLAG_IPV6]] as [$family, $flag]) {
    foreach (swoole_get_local_ip($family) as $interface => $ip) {
        ok(is_dir("/sys/class/net/$interface"), "there is an interface $interface");
        ok(filter_var($ip, FILTER_VALIDATE_IP, $flag), "$ip is an address of family $family");
        ok($ip !== '::1' && !str_starts_with($ip, '127.'), "$ip is not the loopback");
    }
}
same(swoole_get_local_ip(AF_INET), swoole_get_local_ip());
[$answer, [$warning]] = warnings(fn () => swoole_get_local_ip(1));
same([], $answer);
contains('unknown address family 1', $warning);

$kernel = [];
foreach (glob('/sys/class/net/*/address') as $file) {
    if (preg_match('/^(..:){5}..$/', $address = trim(file_get_contents($file)))) {
        $kernel[basename(dirname($file))] = strtoupper($address);
    }
}
$listed = swoole_get_local_mac();
ksort($listed);
ksort($kernel);
same($kernel, $listed);
same((int) shell_exec('nproc'), swoole_cpu_num());
