using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;

namespace EasyIsp.Core.Identity;

/// <summary>Refuses what is tried first: what the most used passwords are made into, what the fingers run along, and the person's own name or address.</summary>
internal sealed partial class CommonPasswords : IPasswordValidator<StaffUser>
{
    private const string List = "EasyIsp.Core.Identity.CommonPasswords.txt";
    private const int ShortestRun = 4;

    /// <summary>What the list does not know: the trade's own words, the places', and long favourites.</summary>
    private static readonly string[] OfTheTrade =
    [
        "easyisp", "mikrotik", "routeros", "winbox", "hotspot", "radius", "wireguard", "internet", "internetprovider", "provider",
        "safaricom", "airtel", "telkom", "mpesa", "paybill", "kenya", "nairobi", "mombasa", "kisumu", "harambee", "uganda", "kampala",
        "tanzania", "admin", "administrator", "superadmin", "adminpassword", "temporary", "temporarypassword", "defaultpassword",
        "mypassword", "newpassword", "nopassword", "testpassword", "passwordreset", "letmeinplease", "changeme", "changemeplease",
        "iloveyouforever", "jesuschrist", "jesusislord", "godisgood", "godisgreat", "welcometoeasyisp", "masterkey", "trustno",
        "correcthorsebatterystaple", "incorrect", "whatever", "1q2w3e4r5t6y", "q1w2e3r4t5y6", "1qaz2wsx3edc", "zaq12wsxcde3",
    ];

    /// <summary>Rows of keys, the alphabet and the digits, along which four or more in a row are no choice; read backwards too.</summary>
    private static readonly string[] Rows =
        [.. new[] { "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm" }.SelectMany(row => new[] { row, new string([.. row.Reverse()]) })];

    /// <summary>Digits and signs that people put before and behind a word.</summary>
    private static readonly char[] Around = [.. "0123456789!?#$@*+&%/()=,;:'\"<>|~^"];

    private static readonly Lazy<FrozenSet<string>> Known = new(Read);

    public Task<IdentityResult> ValidateAsync(UserManager<StaffUser> manager, StaffUser user, string? password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return Task.FromResult(
            IsCommon(password) ? Refuse("CommonPassword", "This password is among the first that are tried. Choose another.")
            : IsAboutThePerson(password, user) ? Refuse("PersonalPassword", "A password must not be made of the name or e-mail address.")
            : IdentityResult.Success);
    }

    /// <summary>A common one, however it was dressed up: capitals, spaces, signs for letters, digits and signs around it, said twice.</summary>
    internal static bool IsCommon(string password)
    {
        var letters = LettersOf(password);
        var bare = letters.Trim(Around);
        return bare.Length == 0 || IsRun(letters) || IsRun(bare) || new[] { letters, bare, Plain(letters), Plain(bare), Plain(letters).Trim(Around) }.Any(IsKnown);
    }

    private static bool IsKnown(string text) => text.Length == 0 || Known.Value.Contains(Repeated().Replace(text, "${part}"));

    private static bool IsAboutThePerson(string password, StaffUser user)
    {
        var typed = LettersOf(password).Trim(Around);
        var mailbox = user.Email?.Split('@')[0] ?? "";
        var words = $"{user.DisplayName} {mailbox}".Split([' ', '.', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 2);
        return new[] { user.DisplayName, mailbox, user.Email ?? "" }.Concat(words)
            .Select(own => LettersOf(own).Trim(Around))
            .Any(own => own.Length > 0 && Repeated().Replace(typed, "${part}") == own);
    }

    /// <summary>In small letters, without what only separates them.</summary>
    private static string LettersOf(string text)
        => string.Concat(text.Where(character => !char.IsWhiteSpace(character) && character is not ('-' or '_' or '.'))).ToLowerInvariant();

    /// <summary>The letters that signs and digits are put for: p@ssw0rd.</summary>
    private static string Plain(string text) => string.Concat(text.Select(character => character switch
    {
        '0' => 'o',
        '1' or '!' or '|' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' or '+' => 't',
        _ => character,
    }));

    /// <summary>Cut into pieces of four or more, each of which goes along a row: qwertyuiop, abcd1234, asdf4321.</summary>
    private static bool IsRun(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var length = Rows.Max(row => RunAt(text.AsSpan(start), row));
            if (length < ShortestRun)
                return false;
            start += length;
        }

        return text.Length > 0;
    }

    private static int RunAt(ReadOnlySpan<char> text, string row)
    {
        var at = row.IndexOf(text[0], StringComparison.Ordinal);
        return at < 0 ? 0 : text.CommonPrefixLength(row.AsSpan(at));
    }

    private static FrozenSet<string> Read()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream(List)
            ?? throw new InvalidOperationException($"'{List}' is not embedded.");
        using var reader = new StreamReader(stream);
        var words = reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith("# ", StringComparison.Ordinal)).Concat(OfTheTrade).Select(LettersOf);
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (var word in words.Where(word => word.Length > 2))
        {
            known.Add(Repeated().Replace(word, "${part}"));
            // What is looked up may have lost its first digits.
            if (word.Trim(Around) is { Length: > 5 } bare)
                known.Add(bare);
        }

        return known.ToFrozenSet(StringComparer.Ordinal);
    }

    private static IdentityResult Refuse(string code, string description)
        => IdentityResult.Failed(new IdentityError { Code = code, Description = description });

    /// <summary>One thing said again and again.</summary>
    [GeneratedRegex(@"^(?<part>.+?)\k<part>+\z", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Repeated();
}
