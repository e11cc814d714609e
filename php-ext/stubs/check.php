<?php

/**
 * Holds the loaded extension to the stubs in this directory, and prints every difference.
 *
 *   php -n -d extension=sockets -d extension=PATH/libswoole.so php-ext/stubs/check.php
 *
 * The stubs are loaded as ordinary PHP under another namespace and compared with what Reflection says
 * about the extension: classes with their parents, interfaces, properties, methods and signatures,
 * functions, and constants. Whatever one side has and the other lacks is a difference. Exits with 1 if
 * there is one.
 */

const PREFIX = 'Stub';

$differences = [];

function differ(string $what, mixed $stub, mixed $extension): void
{
    global $differences;
    if ($stub !== $extension) {
        $differences[] = sprintf("%s: stub %s, extension %s", $what, var_export($stub, true), var_export($extension, true));
    }
}

/** @return array{type: string, name: string, optional: bool, by_reference: bool, variadic: bool, default: mixed}[] */
function parameters(ReflectionFunctionAbstract $function): array
{
    return array_map(fn (ReflectionParameter $p) => [
        'type' => (string) $p->getType(),
        'name' => $p->getName(),
        'optional' => $p->isOptional(),
        'by_reference' => $p->isPassedByReference(),
        'variadic' => $p->isVariadic(),
        'default' => $p->isDefaultValueAvailable() ? $p->getDefaultValue() : null,
    ], $function->getParameters());
}

function compareFunctions(string $name, ReflectionFunctionAbstract $stub, ReflectionFunctionAbstract $extension): void
{
    differ("$name(), parameters", parameters($stub), parameters($extension));
    differ("$name(), return type", str_replace(PREFIX . '\\', '', (string) $stub->getReturnType()), (string) $extension->getReturnType());
}

/** @return string[] names, sorted */
function names(array $reflected, string $own): array
{
    $names = array_map(fn ($r) => $r->name, array_filter($reflected, fn ($r) => $r->getDeclaringClass()->name === $own));
    sort($names);
    return $names;
}

function compareClasses(ReflectionClass $stub, ReflectionClass $extension): void
{
    $name = $extension->name;
    differ("$name, parent", ($stub->getParentClass() ?: null)?->name, ($extension->getParentClass() ?: null)?->name);
    $interfaces = fn (ReflectionClass $c) => array_values(array_unique($c->getInterfaceNames()));
    $both = [$interfaces($stub), $interfaces($extension)];
    array_walk($both, fn (&$list) => sort($list));
    differ("$name, interfaces", ...$both);
    differ("$name, methods", names($stub->getMethods(), $stub->name), names($extension->getMethods(), $name));
    differ("$name, properties", names($stub->getProperties(), $stub->name), names($extension->getProperties(), $name));
    differ("$name, constants", names($stub->getReflectionConstants(), $stub->name), names($extension->getReflectionConstants(), $name));
    foreach ($stub->getMethods() as $method) {
        if ($method->getDeclaringClass()->name === $stub->name && $extension->hasMethod($method->name)) {
            $other = $extension->getMethod($method->name);
            compareFunctions("$name::{$method->name}", $method, $other);
            differ("$name::{$method->name}, modifiers", $method->getModifiers(), $other->getModifiers());
        }
    }
    foreach ($stub->getProperties() as $property) {
        if ($property->getDeclaringClass()->name === $stub->name && $extension->hasProperty($property->name)) {
            $other = $extension->getProperty($property->name);
            $describe = fn (ReflectionProperty $p) => [(string) $p->getType(), $p->getModifiers(), $p->getDefaultValue()];
            differ("$name::\${$property->name}", $describe($property), $describe($other));
        }
    }
}

$known = [get_declared_classes(), get_defined_functions()['user'], get_defined_constants(true)['user']];
foreach (glob(__DIR__ . '/*.stub.php') as $file) {
    $source = file_get_contents($file);
    $source = preg_match('/^namespace /m', $source)
        ? preg_replace('/^namespace /m', 'namespace ' . PREFIX . '\\', $source)
        : preg_replace('/^<\?php/', '<?php namespace ' . PREFIX . ';', $source);
    eval('?>' . $source);
}

$extension = new ReflectionExtension('swoole');
$bare = fn (string $name) => substr($name, strlen(PREFIX) + 1);

$stubs = [];
foreach (array_diff(get_declared_classes(), $known[0]) as $class) {
    $stubs[$bare($class)] = new ReflectionClass($class);
}
// An alias is listed under its own name, with the class it stands for.
$aliases = array_filter($extension->getClasses(), fn (ReflectionClass $c, string $name) => $c->name !== $name, ARRAY_FILTER_USE_BOTH);
$classes = array_diff_key($extension->getClasses(), $aliases);
foreach ($aliases as $alias => $class) {
    differ("alias $alias", strtolower(str_replace('\\', '_', $class->name)), $alias);
}
foreach ($stubs + $classes as $name => $_) {
    if (!isset($stubs[$name], $classes[$name])) {
        differ("class $name", isset($stubs[$name]), isset($classes[$name]));
        continue;
    }
    compareClasses($stubs[$name], $classes[$name]);
}

$stubs = [];
foreach (array_diff(get_defined_functions()['user'], $known[1]) as $function) {
    $stubs[$bare($function)] = new ReflectionFunction($function);
}
$functions = $extension->getFunctions();
foreach ($stubs + $functions as $name => $_) {
    if (!isset($stubs[$name], $functions[$name])) {
        differ("function $name", isset($stubs[$name]), isset($functions[$name]));
        continue;
    }
    compareFunctions($name, $stubs[$name], $functions[$name]);
}

$stubs = [];
foreach (array_diff_key(get_defined_constants(true)['user'], $known[2]) as $name => $value) {
    $stubs[$bare($name)] = $value;
}
$constants = $extension->getConstants();
foreach ($stubs + $constants as $name => $_) {
    $value = fn (array $list) => match (true) {
        !array_key_exists($name, $list) => 'none',
        str_contains($name, 'VERSION') => get_debug_type($list[$name]),
        default => $list[$name],
    };
    differ("constant $name", $value($stubs), $value($constants));
}

foreach ($differences as $difference) {
    echo $difference, "\n";
}
printf("%d classes, %d functions, %d constants: %d differences\n", count($classes), count($functions), count($constants), count($differences));
exit($differences ? 1 : 0);
