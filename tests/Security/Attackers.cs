using ServiceCtl.Tests.Security;

[assembly: AssemblyFixture(typeof(Attackers))]

namespace ServiceCtl.Tests.Security;

/// <summary>
/// The two throwaway users of this suite, whom it attacks as: the one who owns a service's folder, and one who owns nothing. Made before
/// the first test and removed after the last one, also where this process is asked to end before. Where it doesn't run as root there are
/// none, and what needs them is skipped.
/// </summary>
public sealed class Attackers : IDisposable
{
    private readonly ThrowawayUser[] _users = Environment.IsPrivilegedProcess ? [new(), new()] : [];
    private int _removed;

    public Attackers()
    {
        if (_users.Length == 0)
            Console.WriteLine("not root: what root's agent must withstand is NOT tested; every test that needs two users is skipped");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove();
    }

    /// <summary>Owns the services' folders; services run as this user.</summary>
    internal ThrowawayUser Owner => User(0);

    /// <summary>Somebody else on this host.</summary>
    internal ThrowawayUser Stranger => User(1);

    public void Dispose() => Remove();

    /// <summary>Skips the test, and says why.</summary>
    private ThrowawayUser User(int number)
    {
        Assert.SkipUnless(_users.Length > 0, "only root may make users and start programs as them");
        return _users[number];
    }

    private void Remove()
    {
        if (Interlocked.Exchange(ref _removed, 1) == 1)
            return;
        foreach (var user in _users)
            user.Dispose();
    }
}
