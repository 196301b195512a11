/* What the crowd is told on its standard input; part of crowd.c. */

static const char ASK[] = "{\"type\":\"ping\"}";

static void tell_count(void)
{
    printf("{\"messages\": %zu, \"bytes\": %lu, \"gaps\": %lu, \"repeats\": %lu, \"closed\": %d}\n",
           arrived, bytes, gaps, repeats, closed);
}

static void forget(void)
{
    arrived = bytes = gaps = repeats = 0;
    for (int i = 0; i < total; i++)
        all[i].last_seq = -1;
    printf("{}\n");
}

static void write_arrivals(const char *name)
{
    FILE *file = fopen(name, "w");
    if (file) {
        fwrite(arrivals, sizeof *arrivals, arrived, file);
        fclose(file);
    }
    printf("{\"written\": %zu}\n", file ? arrived : 0);
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static double share_us(double share)
{
    return answered ? (double)answers[(size_t)(share * (double)(answered - 1))] / 1e3 : 0;
}

/* Every socket pings in its turn, at even distances; whoever still waits is passed over. */
static void ask_all(double rate, double seconds)
{
    size_t sent = 0, late = 0, wanted = (size_t)(rate * seconds * total);
    int64_t start = now();
    answered = 0;
    for (int i = 0; i < total; i++)
        all[i].pinged_at = 0;
    while (sent + late < wanted) {
        size_t due = (size_t)((double)(now() - start) / 1e9 * rate * total);
        for (; sent + late < due && sent + late < wanted;) {
            struct one *c = &all[(sent + late) % (size_t)total];
            if (c->state != IN || c->pinged_at) {
                late++;
                continue;
            }
            c->pinged_at = now();
            say_text(c, ASK);
            sent++;
        }
        attend(1);
    }
    for (int64_t end = now() + 2000000000ll; answered < sent && now() < end;)
        attend(1);
    qsort(answers, answered, sizeof *answers, by_size);
    printf("{\"sent\": %zu, \"answered\": %zu, \"late\": %zu, \"p50_us\": %.1f, \"p99_us\": %.1f,"
           " \"max_us\": %.1f}\n",
           sent, answered, late, share_us(0.5), share_us(0.99), share_us(1));
}

static void obey(void)
{
    static char line[4096];
    static size_t length;
    ssize_t got = read(0, line + length, sizeof line - 1 - length);
    if (got <= 0)
        exit(0);                       /* whoever told us is gone */
    length += (size_t)got;
    line[length] = 0;
    if (!strchr(line, '\n'))
        return;
    char name[4000];
    double rate, seconds;
    length = 0;
    if (!strncmp(line, "count", 5))
        tell_count();
    else if (!strncmp(line, "reset", 5))
        forget();
    else if (sscanf(line, "arrivals %3999s", name) == 1)
        write_arrivals(name);
    else if (sscanf(line, "echo %lf %lf", &rate, &seconds) == 2)
        ask_all(rate, seconds);
    else
        printf("{\"unknown\": true}\n");
    fflush(stdout);
}
