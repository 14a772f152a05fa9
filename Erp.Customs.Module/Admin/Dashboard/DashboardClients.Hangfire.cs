using Erp.Customs.Module.Jobs;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Erp.Customs.Module.Admin.Dashboard;

/// <summary>
/// What the dashboard's buttons do. To queue a job again is a wish about its request: it goes through the Upload room's one door, which makes a full new round of it
/// or refuses with a sentence; the job follows. Everything else is Hangfire's own.
/// </summary>
internal sealed class DashboardClients(HangfireJobs jobs, IUploadRequeue requests, DashboardVisitor visitor) : IBackgroundJobClientFactory
{
    public IBackgroundJobClient GetClient(JobStorage storage) => new Client(jobs.Client!, requests, visitor.User!.Name);

    private sealed class Client(BackgroundJobClient hangfire, IUploadRequeue requests, string who) : IBackgroundJobClient
    {
        public string Create(Job job, IState state) => hangfire.Create(job, state);

        public bool ChangeState(string jobId, IState state, string expectedState)
        {
            if (state is not EnqueuedState)
            {
                return hangfire.ChangeState(jobId, state, expectedState);
            }

            if (Find(jobId) is not { } requestId)
            {
                return false;
            }

            // Hangfire's commands are synchronous.
            var answer = requests.RequeueAsync(requestId, who, Words.Of("在任务看板重新排队", "Queued again on the job dashboard")).GetAwaiter().GetResult();
            if (answer.Requeued)
            {
                // The relay may have moved the job already.
                hangfire.ChangeState(jobId, new EnqueuedState(HangfireJobs.Queue) { Reason = answer.Sentence }, expectedState);
                return true;
            }

            hangfire.ChangeState(jobId, new FailedState(new UploadNotDoneException(answer.Sentence, dueAt: null)) { Reason = answer.Sentence }, FailedState.StateName);
            return false;
        }

        private long? Find(string jobId)
        {
            using var connection = hangfire.Storage.GetConnection();
            return UploadStateFilter.RequestOf(connection.GetJobData(jobId)?.Job);
        }
    }
}
