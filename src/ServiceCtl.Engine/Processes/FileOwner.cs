using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>Whose a file is.</summary>
public static class FileOwner
{
    /// <param name="path">The file.</param>
    /// <param name="user">By name or number; its group becomes the file's.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AccessDenied"/>, <see cref="ErrorCode.System"/>: there is no such user, or it can't be done.</exception>
    public static void Set(string path, string user)
    {
        var owner = LoginUser.Find(user) ?? throw new ServiceCtlException(ErrorCode.System, path, $"There is no user {user} to whom {path} could belong.", "Correct service.user.");
        if (Libc.ChangeOwner(path, owner.UserId, owner.GroupId) != 0)
            throw SystemError.Last($"give {path} to {user}", path);
    }
}
