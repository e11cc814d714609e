<?php
// A class may extend Swoole\Table; the old names are the same classes; two tables know nothing of one another.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

final class Sessions extends swoole_table
{
    public function __construct()
    {
        parent::__construct(128);
        $this->column('user', self::TYPE_STRING, 16);
        $this->create();
    }

    public function login(string $id, string $user): void
    {
        $this->set($id, ['user' => $user]);
    }
}
[$one, $two] = [new Sessions(), new Sessions()];
$one->login('a', 'anna');
same(['anna', false], [$one->get('a', 'user'), $two->get('a', 'user')]);
ok($one instanceof Swoole\Table && $one instanceof Iterator && $one instanceof Countable && $one instanceof ArrayAccess, 'its interfaces');
throws(Throwable::class, fn () => clone $one);
throws(Throwable::class, fn () => serialize($one));
