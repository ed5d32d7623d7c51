using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EasyIsp.Core.Limits;

/// <summary>Who tries what. Of whoever it is a digest goes on from here: tables of tries hold no phone number and no address.</summary>
public readonly struct LimitKey
{
    private LimitKey(LimitRule rule, UInt128 digest, string? address) => (Rule, Digest, Address) = (rule, digest, address);

    public LimitRule Rule { get; }

    internal UInt128 Digest { get; }

    /// <summary>The network that is counted, for the log and the audit; null where somebody or something else is.</summary>
    internal string? Address { get; }

    internal byte[] Bytes
    {
        get
        {
            var bytes = new byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, Digest);
            return bytes;
        }
    }

    internal static LimitKey Of(LimitRule rule, string who, bool isAddress = false, Guid? tenantId = null)
    {
        var whole = tenantId is null ? $"{rule.Name} {who}" : $"{rule.Name} {tenantId:N} {who}";
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(whole));
        return new LimitKey(rule, BinaryPrimitives.ReadUInt128BigEndian(digest), isAddress ? who : null);
    }
}

/// <summary>Not now.</summary>
/// <param name="RetryAfter">Then one more try is good, if nobody else of the same key takes it.</param>
public sealed record LimitRefusal(string Rule, TimeSpan RetryAfter)
{
    /// <summary>For the header <c>Retry-After</c>.</summary>
    public int Seconds => Math.Max(1, (int)Math.Ceiling(RetryAfter.TotalSeconds));
}

/// <summary>What a failure that was counted led to.</summary>
/// <param name="Failures">Of this key by now, in all processes.</param>
/// <param name="Pause">Until when nothing of this key is looked at; null where it may go on.</param>
/// <param name="IsAlarming">This very failure was the one that makes an alarm.</param>
public sealed record LimitStrike(LimitRule Rule, int Failures, DateTimeOffset? Pause, bool IsAlarming);
