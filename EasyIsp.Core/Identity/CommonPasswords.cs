using Microsoft.AspNetCore.Identity;

namespace EasyIsp.Core.Identity;

/// <summary>Refuses what is tried first: the long ones among the most used passwords, and the person's own name or address.</summary>
internal sealed class CommonPasswords : IPasswordValidator<StaffUser>
{
    /// <summary>Compared without case, digits at the end and separators, so that variants fall with them.</summary>
    private static readonly HashSet<string> Stems = new(StringComparer.OrdinalIgnoreCase)
    {
        "password", "passwordpassword", "adminadmin", "administrator", "adminpassword", "letmein", "letmeinplease",
        "iloveyou", "iloveyouforever", "welcome", "welcometoeasyisp", "changeme", "changemeplease", "qwerty", "qwertyuiop",
        "qwertyuiopasdf", "qwertyqwerty", "asdfghjkl", "asdfghjklqwerty", "zxcvbnm", "zxcvbnmasdfghjkl", "abcdefgh",
        "abcdefghijkl", "abcdefghijklm", "aaaaaaaaaaaa", "football", "footballfootball", "baseball", "superman", "sunshine",
        "princess", "princessprincess", "dragon", "monkey", "trustno", "whatever", "starwars", "computer", "internet",
        "internetprovider", "mikrotik", "mikrotikmikrotik", "safaricom", "mpesa", "mpesampesa", "easyisp", "easyispeasyisp",
        "secret", "secretsecret", "masterkey", "passw0rd", "p@ssword", "p@ssw0rd", "correcthorsebatterystaple", "temporary",
        "temporarypassword", "default", "defaultpassword", "nopassword", "mypassword", "newpassword", "testtest",
        "testpassword", "testtesttest", "kenyakenya", "nairobi", "nairobikenya", "harambee", "jesuschrist", "godisgood",
        "1q2w3e4r5t6y", "1qaz2wsx3edc", "q1w2e3r4t5y6", "zaq12wsxcde3", "",
    };

    public Task<IdentityResult> ValidateAsync(UserManager<StaffUser> manager, StaffUser user, string? password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return Task.FromResult(
            IsCommon(password) ? Refuse("CommonPassword", "This password is among the first that are tried. Choose another.")
            : IsAboutThePerson(password, user) ? Refuse("PersonalPassword", "A password must not be made of the name or e-mail address.")
            : IdentityResult.Success);
    }

    private static bool IsCommon(string password)
    {
        var letters = string.Concat(password.Where(character => !char.IsWhiteSpace(character) && character is not ('-' or '_' or '.')));
        return Stems.Contains(letters) || Stems.Contains(letters.TrimEnd('!', '?', '#', '$', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'));
    }

    private static bool IsAboutThePerson(string password, StaffUser user)
    {
        var own = new[] { user.DisplayName, user.Email, user.Email?.Split('@')[0] };
        return own.Any(text => string.Equals(text, password.TrimEnd('!', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), StringComparison.OrdinalIgnoreCase));
    }

    private static IdentityResult Refuse(string code, string description)
        => IdentityResult.Failed(new IdentityError { Code = code, Description = description });
}
