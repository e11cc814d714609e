# What python_child.php runs: one line in, one line out.
import sys


def main():
    line = sys.stdin.readline().rstrip("\n")
    sys.stdout.write("Python: " + line + "\n")


main()
