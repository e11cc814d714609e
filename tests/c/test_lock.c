// Locks among processes and threads.
#include "children.h"

#include <fcntl.h>

static swoole_lock *lock;
static char lock_file[64];

static const int all_kinds[] = {SWOOLE_RWLOCK, SWOOLE_FILELOCK, SWOOLE_MUTEX, SWOOLE_SEM, SWOOLE_SPINLOCK};
#define KINDS (sizeof all_kinds / sizeof all_kinds[0])

static void make(int kind) {
    snprintf(lock_file, sizeof lock_file, "/tmp/swoole_rs_lock_%d", (int)getpid());
    CHECK_OK(swoole_lock_new(kind, kind == SWOOLE_FILELOCK ? lock_file : NULL, &lock));
}
static void drop(void) {
    swoole_lock_free(lock);
    unlink(lock_file);
}

static bool try_it(void) {
    bool locked = false;
    CHECK_OK(swoole_lock_trylock(lock, &locked));
    return locked;
}
static bool try_to_read(void) {
    bool locked = false;
    CHECK_OK(swoole_lock_trylock_read(lock, &locked));
    return locked;
}

// ---- one at a time
#define EACH turns(20000)
static int32_t add_slowly(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    for (int i = 0; i < EACH && shared->failed == 0; i++) {
        CHECK_OK(swoole_lock_lock(lock, -1));
        // Not atomic: exact only if nobody else is in here.
        *(volatile int64_t *)&shared->number[0] = *(volatile int64_t *)&shared->number[0] + 1;
        CHECK_OK(swoole_lock_unlock(lock));
    }
    return 0;
}

static void sums_under_a_lock_are_exact(void) {
    for (size_t i = 0; i < KINDS; i++) {
        make(all_kinds[i]);
        publish(0, 0);
        run_children(4, add_slowly);
        CHECK(published(0) == 4 * (int64_t)EACH);
        drop();
    }
}

static void *add_slowly_in_a_thread(void *unused) {
    add_slowly(unused, NULL);
    return NULL;
}

static void sums_of_threads_are_exact_too(void) {
    for (size_t i = 0; i < KINDS; i++) {
        pthread_t threads[3];
        // A file is locked by the process, not by a thread of it.
        if (all_kinds[i] == SWOOLE_FILELOCK) continue;
        make(all_kinds[i]);
        publish(0, 0);
        for (int n = 0; n < 3; n++) pthread_create(&threads[n], NULL, add_slowly_in_a_thread, NULL);
        for (int n = 0; n < 3; n++) pthread_join(threads[n], NULL);
        CHECK(published(0) == 3 * (int64_t)EACH);
        drop();
    }
}

// ---- a holder that is killed
static int32_t take_and_stay(void *userdata, swoole_process *process) {
    CHECK_OK(swoole_lock_lock(lock, -1));
    publish(0, 1);
    return stay_for_ever(userdata, process);
}
static int32_t read_and_stay(void *userdata, swoole_process *process) {
    CHECK_OK(swoole_lock_lock_read(lock, -1));
    publish(0, 1);
    return stay_for_ever(userdata, process);
}

static void a_killed_holder_blocks_nobody(void) {
    for (size_t i = 0; i < KINDS; i++) {
        make(all_kinds[i]);
        publish(0, 0);
        int32_t pid = begin_child(take_and_stay, NULL);
        await_published(0, 1);
        CHECK(!try_it());
        FAILED(swoole_lock_lock(lock, 0.02), ETIMEDOUT);
        kill_child(pid);
        CHECK_OK(swoole_lock_lock(lock, 20));
        CHECK_OK(swoole_lock_unlock(lock));
        drop();
    }
}

static void a_killed_reader_blocks_no_writer(void) {
    make(SWOOLE_RWLOCK);
    int32_t pid = begin_child(read_and_stay, NULL);
    await_published(0, 1);
    CHECK(!try_it());
    CHECK(try_to_read());
    CHECK_OK(swoole_lock_unlock(lock));
    kill_child(pid);
    CHECK_OK(swoole_lock_lock(lock, 20));
    CHECK_OK(swoole_lock_unlock(lock));
    drop();
}

static int32_t wait_for_it(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    publish(1, 1);
    CHECK_OK(swoole_lock_lock(lock, -1));
    CHECK_OK(swoole_lock_unlock(lock));
    return 0;
}

static void who_waits_gets_it_when_the_holder_is_killed(void) {
    make(SWOOLE_MUTEX);
    int32_t holder = begin_child(take_and_stay, NULL);
    await_published(0, 1);
    int32_t waiter = begin_child(wait_for_it, NULL);
    await_published(1, 1);
    CHECK_OK(swoole_process_kill(holder, SIGKILL));
    for (int i = 0; i < 2; i++) {
        swoole_process_ended ended = await_end(0);
        CHECK(ended.pid == waiter ? ended.code == 0 : ended.signal == SIGKILL);
    }
    drop();
}

// ---- the rules of each kind
static void many_read_or_one_writes(void) {
    make(SWOOLE_RWLOCK);
    int32_t pid = begin_child(read_and_stay, NULL);
    await_published(0, 1);
    CHECK_OK(swoole_lock_lock_read(lock, -1));
    CHECK(!try_it());
    CHECK_OK(swoole_lock_unlock(lock));
    kill_child(pid);
    CHECK_OK(swoole_lock_lock(lock, -1));
    CHECK(!try_to_read());
    CHECK_OK(swoole_lock_unlock(lock));
    drop();
}

static void locking_twice_would_wait_for_itself(void) {
    static const int kinds[] = {SWOOLE_MUTEX, SWOOLE_SPINLOCK, SWOOLE_RWLOCK};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        make(kinds[i]);
        CHECK_OK(swoole_lock_lock(lock, -1));
        CHECK(!try_it());
        FAILED(swoole_lock_lock(lock, -1), EDEADLK);
        CHECK_OK(swoole_lock_unlock(lock));
        FAILED(swoole_lock_unlock(lock), EPERM);
        drop();
    }
}

static int32_t unlock_another_ones(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    FAILED(swoole_lock_unlock(lock), EPERM);
    return 0;
}
static int32_t unlock_it(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    CHECK_OK(swoole_lock_unlock(lock));
    return 0;
}

static void only_its_holder_unlocks_a_mutex_but_anybody_a_semaphore(void) {
    make(SWOOLE_MUTEX);
    CHECK_OK(swoole_lock_lock(lock, -1));
    await_code(begin_child(unlock_another_ones, NULL), 0);
    CHECK_OK(swoole_lock_unlock(lock));
    drop();
    make(SWOOLE_SEM);
    CHECK_OK(swoole_lock_lock(lock, -1));
    await_code(begin_child(unlock_it, NULL), 0);
    CHECK(try_it());
    CHECK_OK(swoole_lock_unlock(lock));
    drop();
}

static void a_file_lock_is_shared_by_its_name_alone(void) {
    swoole_lock *other = NULL;
    bool locked = true;
    make(SWOOLE_FILELOCK);
    CHECK_OK(swoole_lock_new(SWOOLE_FILELOCK, lock_file, &other));
    CHECK_OK(swoole_lock_lock_read(lock, -1));
    CHECK_OK(swoole_lock_trylock_read(other, &locked));
    CHECK(locked);
    CHECK_OK(swoole_lock_unlock(other));
    CHECK_OK(swoole_lock_trylock(other, &locked));
    CHECK(!locked);
    CHECK_OK(swoole_lock_unlock(lock));
    swoole_lock_free(other);
    drop();
}

static void do_nothing(int signo) { (void)signo; }
static int32_t interrupt_parent(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    while (published(1) == 0) {
        kill(getppid(), SIGUSR1);
        usleep(1000); // time: the other is to run between two signals
    }
    return 0;
}

static void a_signal_interrupts_waiting(void) {
    struct sigaction action;
    swoole_process_ended ended = {0, 0, 0};
    memset(&action, 0, sizeof action);
    action.sa_handler = do_nothing;
    sigaction(SIGUSR1, &action, NULL);
    make(SWOOLE_MUTEX);
    int32_t holder = begin_child(take_and_stay, NULL);
    await_published(0, 1);
    begin_child(interrupt_parent, NULL);
    FAILED(swoole_lock_lock(lock, -1), EINTR);
    publish(1, 1);
    while (swoole_process_wait(true, &ended) != SWOOLE_OK) CHECK(swoole_last_error() == EINTR);
    CHECK(ended.code == 0 && ended.signal == 0);
    kill_child(holder);
    signal(SIGUSR1, SIG_DFL);
    drop();
}

// ---- wrong calls
static void wrong_calls_are_refused(void) {
    bool locked;
    lock = NULL;
    REFUSED(swoole_lock_new(0, NULL, &lock));
    CHECK_MESSAGE("SWOOLE_SPINLOCK");
    REFUSED(swoole_lock_new(SWOOLE_MUTEX, NULL, NULL));
    REFUSED(swoole_lock_new(SWOOLE_MUTEX, "/tmp/file", &lock));
    CHECK_MESSAGE("SWOOLE_FILELOCK");
    REFUSED(swoole_lock_new(SWOOLE_FILELOCK, NULL, &lock));
    CHECK_MESSAGE("path is NULL");
    FAILED(swoole_lock_new(SWOOLE_FILELOCK, "/no/such/directory/lock", &lock), ENOENT);
    CHECK_MESSAGE("/no/such/directory/lock");
    CHECK(lock == NULL);
    REFUSED(swoole_lock_lock(NULL, -1));
    CHECK_MESSAGE("swoole_lock_new");
    REFUSED(swoole_lock_lock_read(NULL, -1));
    REFUSED(swoole_lock_trylock(NULL, &locked));
    REFUSED(swoole_lock_trylock_read(NULL, &locked));
    REFUSED(swoole_lock_unlock(NULL));
    swoole_lock_free(NULL);
    CHECK_OK(swoole_lock_new(SWOOLE_MUTEX, NULL, &lock));
    REFUSED(swoole_lock_trylock(lock, NULL));
    swoole_lock_free(lock);
}

static const struct test tests[] = {
    {"sums_under_a_lock_are_exact", sums_under_a_lock_are_exact},
    {"sums_of_threads_are_exact_too", sums_of_threads_are_exact_too},
    {"a_killed_holder_blocks_nobody", a_killed_holder_blocks_nobody},
    {"a_killed_reader_blocks_no_writer", a_killed_reader_blocks_no_writer},
    {"who_waits_gets_it_when_the_holder_is_killed", who_waits_gets_it_when_the_holder_is_killed},
    {"many_read_or_one_writes", many_read_or_one_writes},
    {"locking_twice_would_wait_for_itself", locking_twice_would_wait_for_itself},
    {"only_its_holder_unlocks_a_mutex_but_anybody_a_semaphore", only_its_holder_unlocks_a_mutex_but_anybody_a_semaphore},
    {"a_file_lock_is_shared_by_its_name_alone", a_file_lock_is_shared_by_its_name_alone},
    {"a_signal_interrupts_waiting", a_signal_interrupts_waiting},
    {"wrong_calls_are_refused", wrong_calls_are_refused},
};
RUN(tests)
