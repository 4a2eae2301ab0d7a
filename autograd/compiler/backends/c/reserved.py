"""Names that C has already, up to C23, and what POSIX adds to its library."""

from __future__ import annotations

import re

__all__ = ["is_function_of_c", "is_word_of_c"]

# Words of the language and of compilers, and of the headers that a file includes. Functions are none of these: a number
# that is local may have the name of one.
_WORDS_OF_C = """
auto break case char const continue default do double else enum extern float for goto if inline int long register
restrict return short signed sizeof static struct switch typedef union unsigned void volatile while alignas alignof
bool constexpr false nullptr static_assert thread_local true typeof typeof_unqual asm linux unix i386 main
EOF INLINE MAXFLOAT NAN INFINITY NULL errno math_errhandling offsetof stderr stdin stdout strdupa strndupa
"""
_PATTERN = re.compile(
    r"(U?INT\w*|PTRDIFF|SIG_ATOMIC|SIZE|WCHAR|WINT)_(MAX|MIN|WIDTH|C)|(FP|M|MATH)_\w+|(HUGE_VAL|SNAN)\w*"
    r"|(double|float|max_align|nullptr|ptrdiff|size|u?int\w*|wchar)_t"
)
# With f or l behind them they take the other floats of C.
_MATHEMATICS = """
acos acosh asin asinh atan atan2 atanh cabs cacos cacosh carg casin casinh catan catanh cbrt ccos ccosh ceil cexp
cimag clog conj copysign cos cosh cpow cproj creal csin csinh csqrt ctan ctanh erf erfc exp exp2 expm1 fabs fdim floor
fma fmax fmin fmod frexp hypot ilogb ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan
nearbyint nextafter nexttoward pow remainder remquo rint round scalbln scalbn sin sinh sqrt tan tanh tgamma trunc
"""
# Functions and objects: of two of the same name a linker takes one. With _l behind them some ask for a locale.
_LIBRARY = """
a64l abort abs accept access alarm aligned_alloc alphasort asctime asctime_r asprintf assert at_quick_exit atexit atof
atoi atol atoll basename bcmp bcopy bind brk bsearch btowc bzero c16rtomb c32rtomb call_once calloc catclose catgets
catopen cfgetispeed cfgetospeed cfsetispeed cfsetospeed chdir chmod chown clearerr clock clock_getcpuclockid
clock_getres clock_gettime clock_nanosleep clock_settime clone close closedir closelog confstr connect creat ctermid
ctime ctime_r daylight difftime dirfd dirname div dlclose dlerror dlopen dlsym dprintf drand48 drem dremf dreml dup
dup2 duplocale ecvt endgrent endhostent endnetent endprotoent endpwent endservent endutxent environ erand48 err errno
error errx execl execle execlp execv execve execvp exit exp10 exp10f exp10l faccessat fchdir fchmod fchmodat fchown
fchownat fclose fcntl fcvt fdatasync fdopen fdopendir feclearexcept fegetenv fegetexceptflag fegetround feholdexcept
feof feraiseexcept ferror fesetenv fesetexceptflag fesetround fetestexcept feupdateenv fexecve fflush ffs fgetc
fgetpos fgets fgetwc fgetws fileno finite finitef finitel flockfile fmemopen fmtmsg fnmatch fopen fork fpathconf
fprintf fputc fputs fputwc fputws fread free freeaddrinfo freelocale freopen fscanf fseek fseeko fsetpos fstat fstatat
fstatvfs fsync ftell ftello ftime ftok ftruncate ftrylockfile ftw funlockfile futimens fwide fwprintf fwrite fwscanf
gai_strerror gamma gammaf gammal gcvt getaddrinfo getc getc_unlocked getchar getchar_unlocked getcwd getdate
getdate_err getdelim getegid getentropy getenv geteuid getgid getgrent getgrgid getgrgid_r getgrnam getgrnam_r
getgroups gethostbyaddr gethostbyname gethostent gethostid gethostname getitimer getline getlogin getlogin_r
getnameinfo getnetbyaddr getnetbyname getnetent getopt getpeername getpgid getpgrp getpid getppid getpriority
getprotobyname getprotobynumber getprotoent getpwent getpwnam getpwnam_r getpwuid getpwuid_r getrandom getrlimit
getrusage gets getservbyname getservbyport getservent getsid getsockname getsockopt getsubopt gettimeofday getuid
getutxent getutxid getutxline getwc getwchar getwd glob globfree gmtime gmtime_r grantpt hcreate hdestroy hsearch
htonl htons iconv iconv_close iconv_open if_freenameindex if_indextoname if_nameindex if_nametoindex imaxabs imaxdiv
index inet_addr inet_lnaof inet_makeaddr inet_netof inet_network inet_ntoa inet_ntop inet_pton initstate insque
isalnum isalpha isascii isatty isblank iscntrl isdigit isgraph isinf islower isnan isprint ispunct isspace isupper
iswalnum iswalpha iswblank iswcntrl iswctype iswdigit iswgraph iswlower iswprint iswpunct iswspace iswupper iswxdigit
isxdigit j0 j0f j0l j1 j1f j1l jn jnf jnl jrand48 kill killpg l64a labs lchown lcong48 ldiv lfind link linkat
lio_listio listen llabs lldiv localeconv localtime localtime_r lockf longjmp lrand48 lsearch lseek lstat malloc mblen
mbrlen mbrtoc16 mbrtoc32 mbrtowc mbsinit mbsnrtowcs mbsrtowcs mbstowcs mbtowc memalign memccpy memchr memcmp memcpy
memmove memset mkdir mkdirat mkdtemp mkfifo mkfifoat mknod mknodat mkstemp mktemp mktime mlock mlockall mmap mount
mprotect mrand48 msgctl msgget msgrcv msgsnd msync munlock munlockall munmap nanosleep newlocale nftw nice nl_langinfo
nrand48 ntohl ntohs open open_memstream open_wmemstream openat opendir openlog optarg opterr optind optopt pathconf
pause pclose perror pipe poll popen pow10 pow10f pow10l pread printf pselect psiginfo psignal ptsname putc
putc_unlocked putchar putchar_unlocked putenv puts pututxline putwc putwchar pwrite qsort qsort_r quick_exit raise
rand rand_r random read readdir readdir_r readlink readlinkat readv realloc reallocarray realpath recv recvfrom
recvmsg regcomp regerror regexec regfree remove remque rename renameat rewind rewinddir rindex rmdir sbrk scalb scalbf
scalbl scandir scanf seed48 seekdir select semctl semget semop send sendmsg sendto setbuf setegid setenv seteuid
setgid setgrent sethostent setitimer setjmp setlocale setlogmask setnetent setpgid setpgrp setpriority setprotoent
setpwent setregid setreuid setrlimit setservent setsid setsockopt setstate setuid setutxent setvbuf shm_open
shm_unlink shmat shmctl shmdt shmget shutdown sigaction sigaddset sigaltstack sigdelset sigemptyset sigfillset sighold
sigignore siginterrupt sigismember siglongjmp signal signgam significand significandf significandl sigpause sigpending
sigprocmask sigqueue sigrelse sigset sigsuspend sigtimedwait sigwait sigwaitinfo sincos sincosf sincosl sleep snprintf
sockatmark socket socketpair sprintf srand srand48 srandom sscanf stat statvfs stderr stdin stdout stpcpy stpncpy
strcasecmp strcat strchr strcmp strcoll strcpy strcspn strdup strerror strerror_r strfmon strftime strlcat strlcpy
strlen strncasecmp strncat strncmp strncpy strndup strnlen strpbrk strptime strrchr strsep strsignal strspn strstr
strtod strtof strtoimax strtok strtok_r strtol strtold strtoll strtoul strtoull strtoumax strxfrm swab swprintf
swscanf symlink symlinkat sync sysconf syslog system tcdrain tcflow tcflush tcgetattr tcgetpgrp tcgetsid tcsendbreak
tcsetattr tcsetpgrp tdelete telldir tempnam tfind time timegm timer_create timer_delete timer_getoverrun timer_gettime
timer_settime times timespec_get timezone tmpfile tmpnam toascii tolower toupper towctrans towlower towupper truncate
tsearch ttyname ttyname_r twalk tzname tzset ualarm ulimit umask uname ungetc ungetwc unlink unlinkat unlockpt
unsetenv uselocale usleep utime utimensat utimes valloc vasprintf vdprintf vfork vfprintf vfscanf vfwprintf vfwscanf
vprintf vscanf vsnprintf vsprintf vsscanf vswprintf vswscanf vwprintf vwscanf wait waitid waitpid warn warnx wcpcpy
wcpncpy wcrtomb wcscasecmp wcscat wcschr wcscmp wcscoll wcscpy wcscspn wcsdup wcsftime wcslen wcsncasecmp wcsncat
wcsncmp wcsncpy wcsnlen wcsnrtombs wcspbrk wcsrchr wcsrtombs wcsspn wcsstr wcstod wcstof wcstoimax wcstok wcstol
wcstold wcstoll wcstombs wcstoul wcstoull wcstoumax wcswcs wcswidth wcsxfrm wctob wctomb wctrans wctype wcwidth
wmemchr wmemcmp wmemcpy wmemmove wmemset wordexp wordfree wprintf write writev wscanf y0 y0f y0l y1 y1f y1l yn ynf ynl
"""
_OTHERS = re.compile(r"(pthread|posix|atomic|mtx|cnd|thrd|tss|sem|mq|sched|aio)_\w+")

_WORDS = frozenset(_WORDS_OF_C.split())
_FUNCTIONS = frozenset([*_LIBRARY.split(), *[name + kind for name in _MATHEMATICS.split() for kind in ("", "f", "l")]])


def is_word_of_c(name: str) -> bool:
    """Whether nothing may be called so, be it local."""
    return name in _WORDS or _PATTERN.fullmatch(name) is not None


def is_function_of_c(name: str) -> bool:
    """Whether a function of that name is the C library's."""
    return name in _FUNCTIONS or name.removesuffix("_l") in _FUNCTIONS or _OTHERS.fullmatch(name) is not None
