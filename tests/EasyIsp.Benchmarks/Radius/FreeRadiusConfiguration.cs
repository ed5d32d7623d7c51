using System.Globalization;
using System.Text;
using EasyIsp.Benchmarks.Radius.Load;
using Npgsql;

namespace EasyIsp.Benchmarks.Radius;

/// <summary>
/// FreeRADIUS 3.2 as somebody who knows it would tune it for this load: nothing that a login or a report does not need,
/// no logging, one connection kept open for each thread. <c>docs/performance.md</c> says why each setting is as it is.
/// </summary>
internal static class FreeRadiusConfiguration
{
    /// <summary>Enough to keep two cores busy while others wait for a commit; more were slower.</summary>
    private const int Threads = 32;

    /// <summary>The package's own queries and policies, readable to the bench: <c>scripts/tests.sh</c> sets it.</summary>
    private static readonly string Shipped = Environment.GetEnvironmentVariable("EASYISP_FREERADIUS_CONFIG") ?? "/etc/freeradius/3.0";

    /// <summary>Where the package's SQL schema is.</summary>
    public static string Schema => Path.Combine(Shipped, "mods-config/sql/main/postgresql/schema.sql");

    /// <param name="database">Null: the customers stand in a file, and reports are acknowledged without being recorded.</param>
    public static void Write(string directory, LoadTarget target, NpgsqlConnectionStringBuilder? database)
    {
        File.WriteAllText(Path.Combine(directory, "dictionary"), "$INCLUDE /usr/share/freeradius/dictionary\n");
        if (database is null)
            WriteUsers(Path.Combine(directory, "users"), target.Customers);
        File.WriteAllText(Path.Combine(directory, "radiusd.conf"), string.Create(CultureInfo.InvariantCulture, $$"""
            prefix = /usr
            libdir = /usr/lib/freeradius
            raddbdir = {{directory}}
            modconfdir = {{Shipped}}/mods-config
            run_dir = {{directory}}
            logdir = {{directory}}
            pidfile = {{directory}}/freeradius.pid
            hostname_lookups = no
            max_requests = 16384
            proxy_requests = no
            log {
                destination = files
                file = {{directory}}/radius.log
                auth = no
            }
            security {
                max_attributes = 200
                reject_delay = 1
                status_server = no
            }
            thread pool {
                start_servers = {{Threads}}
                max_servers = {{Threads}}
                min_spare_servers = {{Threads}}
                max_spare_servers = {{Threads}}
                max_requests_per_server = 0
            }
            {{Clients(target.Routers)}}
            modules {
                pap { }
                chap { }
                mschap {
                    use_mppe = yes
                }
                expr { }
                always ok {
                    rcode = ok
                }
                {{(database is null ? Files(directory) : Sql(database))}}
            }
            policy {
                class_value_prefix = 'ai:'
                $INCLUDE {{Shipped}}/policy.d/accounting
            }
            {{Server(target, database is null ? "files" : "sql")}}
            """));
    }

    private static string Clients(int routers)
    {
        var clients = new StringBuilder();
        for (var router = 0; router < routers; router++)
        {
            clients.Append(CultureInfo.InvariantCulture, $$"""
                client {{LoadProgram.NameOf(router)}} {
                    ipaddr = {{LoadProgram.AddressOf(router)}}
                    secret = {{Customer.RouterSecret}}
                    require_message_authenticator = yes
                }

                """);
        }

        return clients.ToString();
    }

    private static string Server(LoadTarget target, string module) => string.Create(CultureInfo.InvariantCulture, $$"""
        server bench {
            listen {
                type = auth
                ipaddr = 127.0.0.1
                port = {{target.AuthPort}}
            }
            listen {
                type = acct
                ipaddr = 127.0.0.1
                port = {{target.AcctPort}}
            }
            authorize {
                chap
                mschap
                {{module}}
                pap
            }
            authenticate {
                Auth-Type PAP {
                    pap
                }
                Auth-Type CHAP {
                    chap
                }
                Auth-Type MS-CHAP {
                    mschap
                }
            }
            preacct {
                {{(module == "sql" ? "acct_unique" : "ok")}}
            }
            accounting {
                {{(module == "sql" ? "sql" : "ok")}}
            }
            post-auth {
                update reply {
                    &Message-Authenticator := 0x00
                }
                Post-Auth-Type REJECT {
                    update reply {
                        &Message-Authenticator := 0x00
                    }
                }
            }
        }
        """);

    private static string Sql(NpgsqlConnectionStringBuilder database) => string.Create(CultureInfo.InvariantCulture, $$"""
        sql {
            dialect = "postgresql"
            driver = "rlm_sql_postgresql"
            server = "{{database.Host}}"
            port = {{database.Port}}
            login = "{{database.Username}}"
            password = "{{database.Password}}"
            radius_db = "{{database.Database}}"
            acct_table1 = "radacct"
            acct_table2 = "radacct"
            postauth_table = "radpostauth"
            authcheck_table = "radcheck"
            groupcheck_table = "radgroupcheck"
            authreply_table = "radreply"
            groupreply_table = "radgroupreply"
            usergroup_table = "radusergroup"
            read_groups = no
            read_profiles = no
            read_clients = no
            pool {
                start = {{Threads}}
                min = {{Threads}}
                max = {{Threads}}
                spare = {{Threads}}
                uses = 0
                lifetime = 0
                idle_timeout = 0
                retry_delay = 1
            }
            client_table = "nas"
            group_attribute = "SQL-Group"
            $INCLUDE {{Shipped}}/mods-config/sql/main/postgresql/queries.conf
        }
        """);

    private static string Files(string directory) => $$"""
        files {
            filename = {{directory}}/users
        }
        """;

    private static void WriteUsers(string path, int customers)
    {
        using var users = new StreamWriter(path);
        for (var number = 0; number < customers; number++)
        {
            users.WriteLine(FormattableString.Invariant($"""
                {Customer.UserNameOf(number)} Cleartext-Password := "{Customer.PasswordOf(number)}"
                    Mikrotik-Rate-Limit = "{Customer.UploadKbps}k/{Customer.DownloadKbps}k", Session-Timeout = 2505600, Acct-Interim-Interval = 300

                """));
        }
    }
}
