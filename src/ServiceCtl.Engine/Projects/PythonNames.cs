namespace ServiceCtl.Engine.Projects;

/// <summary>Names that a package had better not have.</summary>
internal static class PythonNames
{
    /// <summary>keyword.kwlist</summary>
    public static IReadOnlySet<string> Keywords { get; } = Words(
        "False None True and as assert async await break class continue def del elif else except finally for from global if import in is "
        + "lambda nonlocal not or pass raise return try while with yield");

    /// <summary>sys.stdlib_module_names of Python 3.9 to 3.14, on any system, without those that begin with an underscore.</summary>
    public static IReadOnlySet<string> StandardModules { get; } = Words(
        "abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii binhex bisect "
        + "builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall compression "
        + "concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib "
        + "dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch formatter fractions "
        + "ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib "
        + "imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma macpath mailbox mailcap "
        + "marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode "
        + "operator optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath "
        + "pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource "
        + "rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd "
        + "sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symbol symtable sys "
        + "sysconfig syslog tabnanny tarfile telnetlib tempfile termios test textwrap this threading time timeit tkinter token tokenize "
        + "tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave "
        + "weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo");

    /// <summary>What tools, the layouts and servers have themselves.</summary>
    public static IReadOnlySet<string> Taken { get; } = Words(
        "conftest cordio docs etc home noxfile opt pip pytest python setup setuptools tests up usr uvicorn uwsgi var wheel");

    private static HashSet<string> Words(string text) => [.. text.Split(' ')];
}
