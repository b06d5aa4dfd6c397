namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>Numbers of the Linux ABI; but for two, x64 and arm64 share them.</summary>
internal static class LinuxConstants
{
    private static readonly bool IsArm =
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64;

    internal const int OpenReadOnly = 0;
    internal const int OpenWriteOnly = 1;
    internal const int OpenReadWrite = 2;
    internal const int OpenCreate = 0x40;
    internal const int OpenAppend = 0x400;
    internal const int OpenNonBlocking = 0x800;
    internal const int OpenCloseOnExec = 0x80000;

    internal const int OpenPath = 0x200000;              // O_PATH

    // These two differ.
    internal static readonly int OpenDirectory = IsArm ? 0x4000 : 0x10000;
    internal static readonly int OpenNoFollow = IsArm ? 0x8000 : 0x20000;

    internal const int DuplicateCloseOnExec = 1030;      // F_DUPFD_CLOEXEC
    internal const int SetPipeSize = 1031;               // F_SETPIPE_SZ
    internal const int GetPipeSize = 1032;               // F_GETPIPE_SZ
    internal const uint BytesWaiting = 0x541B;           // FIONREAD
    internal const uint SpliceNonBlocking = 2;           // SPLICE_F_NONBLOCK
    internal const int CurrentDirectory = -100;          // AT_FDCWD
    internal const int NoReplace = 1;                   // RENAME_NOREPLACE
    internal const int Exchange = 2;                     // RENAME_EXCHANGE
    internal const int LinkItself = 0x100;               // AT_SYMLINK_NOFOLLOW
    internal const int EmptyPath = 0x1000;               // AT_EMPTY_PATH
    internal const uint BasicFacts = 0x7FF;              // STATX_BASIC_STATS
    internal const uint BirthTime = 0x800;               // STATX_BTIME
    internal const int EffectiveAccess = 0x200;          // AT_EACCESS
    internal const int Executable = 1;                   // X_OK

    internal const int WallClock = 0;                    // CLOCK_REALTIME
    internal const int AbsoluteTime = 1;                 // TFD_TIMER_ABSTIME
    internal const int CancelWhenSet = 2;                // TFD_TIMER_CANCEL_ON_SET

    internal const int ClockTicksPerSecond = 2;          // _SC_CLK_TCK

    internal const int WaitForPid = 1;                   // P_PID
    internal const int WaitForPidFd = 3;                 // P_PIDFD, Linux 5.4
    internal const int WaitNoHang = 1;
    internal const int WaitExited = 4;
    internal const int WaitAndLeave = 0x01000000;        // WNOWAIT
    internal const int ChildExited = 1;                  // CLD_EXITED

    // Numbers from 424 on are the same on every architecture.
    internal const int PidFdSendSignal = 424;
    internal const int PidFdOpen = 434;
    internal const int PidFdGetFd = 438;
    internal const uint SignalProcessGroup = 4;          // PIDFD_SIGNAL_PROCESS_GROUP, Linux 6.9
    internal const uint PidFdGetInfo = 0xC040FF0B;       // PIDFD_GET_INFO of the first, 64-byte, struct pidfd_info
    internal const ulong PidFdInfoExit = 8;              // PIDFD_INFO_EXIT, Linux 6.15

    internal const int SocketLevel = 1;                  // SOL_SOCKET
    internal const int AcceptsConnections = 30;          // SO_ACCEPTCONN
    internal const int FamilyUnix = 1;                   // AF_UNIX
    internal const int FamilyInternet = 2;               // AF_INET
    internal const int FamilyInternet6 = 10;             // AF_INET6
    internal const int FamilyNetlink = 16;               // AF_NETLINK
    internal const int SocketRaw = 3 | 0x80000;          // SOCK_RAW | SOCK_CLOEXEC
    internal const int SocketDiagnosis = 4;              // NETLINK_SOCK_DIAG
    internal const int ProtocolTcp = 6;                  // IPPROTO_TCP

    internal const int ClockSinceBoot = 7;               // CLOCK_BOOTTIME

    internal const uint FileChanges = 0x2 | 0x4 | 0x400 | 0x800; // IN_MODIFY, IN_ATTRIB, IN_DELETE_SELF, IN_MOVE_SELF
    internal const uint NameChanges = 0x80 | 0x100 | 0x400;      // IN_MOVED_TO, IN_CREATE, IN_DELETE_SELF
    internal const uint OneShot = 0x80000000;                    // IN_ONESHOT

    internal const int EpollAdd = 1;
    internal const int EpollDelete = 2;
    internal const uint EpollIn = 1;

    internal const uint NotifyAttributes = 0x4;          // IN_ATTRIB
    internal const uint NotifyWritten = 0x8;             // IN_CLOSE_WRITE
    internal const uint NotifyRenamed = 0xC0;            // IN_MOVED_FROM | IN_MOVED_TO
    internal const uint NotifyMade = 0x100;              // IN_CREATE
    internal const uint NotifyDeleted = 0x200;           // IN_DELETE
    internal const uint NotifyLost = 0x4000;             // IN_Q_OVERFLOW
    internal const uint NotifyGone = 0x8000;             // IN_IGNORED
    internal const uint NotifyFoldersOnly = 0x01000000;  // IN_ONLYDIR

    internal const int CapabilityBounds = 8;             // CAP_SETPCAP
    internal const int CapabilityAdmin = 21;             // CAP_SYS_ADMIN
    internal const int CapabilityTrace = 19;             // CAP_SYS_PTRACE
    internal const int CapabilityResource = 24;          // CAP_SYS_RESOURCE

    internal const int PriorityOfProcess = 0;            // PRIO_PROCESS

    internal const int OwnFileSystemState = 0x200;       // CLONE_FS
    internal const int OwnMounts = 0x20000;              // CLONE_NEWNS

    internal const int OpenTree = 428;                   // Linux 5.2
    internal const int MoveMount = 429;                  // Linux 5.2
    internal const int MountSetAttributes = 442;         // Linux 5.12
    internal const int CloneTree = 1;                    // OPEN_TREE_CLONE
    internal const int Recursive = 0x8000;               // AT_RECURSIVE
    internal const int MoveFromDescriptor = 0x4;         // MOVE_MOUNT_F_EMPTY_PATH
    internal const int MoveToDescriptor = 0x40;          // MOVE_MOUNT_T_EMPTY_PATH
    internal const int MountReadOnly = 0x1;              // MS_RDONLY, MOUNT_ATTR_RDONLY
    internal const int MountNoSetUser = 0x2;             // MS_NOSUID
    internal const int MountNoDevices = 0x4;             // MS_NODEV
    internal const int MountAgain = 0x20;                // MS_REMOUNT
    internal const int MountBind = 0x1000;               // MS_BIND
    internal const int MountRecursive = 0x4000;          // MS_REC
    internal const int MountSlave = 0x80000;             // MS_SLAVE

    internal const int CreateRuleset = 444;              // landlock_create_ruleset, Linux 5.13
    internal const int AddRule = 445;                    // landlock_add_rule
    internal const int RestrictSelf = 446;               // landlock_restrict_self
    internal const int LandlockVersion = 1;              // LANDLOCK_CREATE_RULESET_VERSION
    internal const int LandlockPath = 1;                 // LANDLOCK_RULE_PATH_BENEATH

    internal const int SetNoNewPrivileges = 38;          // PR_SET_NO_NEW_PRIVS
    internal const int GetDumpable = 3;                  // PR_GET_DUMPABLE
    internal const int SetDumpable = 4;

    internal const short SpawnSetSignalDefaults = 0x04;
    internal const short SpawnSetSignalMask = 0x08;
    internal const short SpawnSetSession = 0x80;
}
